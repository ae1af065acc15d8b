import type { ContainerWorld, Group, Region, Switches } from "./world";

const second = 1_000;
const hour = 3_600_000;

export const defaultSwitches: Switches = {
  errorStatus: 200,
  listShape: "data",
  listStyles: ["query", "body", "task-query"],
  pageCap: 100,
  listTotals: true,
  numericCodes: false,
  deletePolicy: "reject-active",
  deleteTakesMs: 2 * second,
  unknownId: "10004",
  refusalCode: "716865",
  renewShape: "text",
  imagesWithBody: false,
  waitMs: 20 * second,
  deployMs: 40 * second,
  stopMs: 0,
  tokenLifetimeMs: 24 * hour,
  clockSkewMs: null,
};

const group = (name: string, acceleratorType: string, nodes: number, accelerators: number): Group => ({
  name,
  acceleratorType,
  nodes,
  cpu: 40,
  accelerators,
  ramMb: 131_072,
  maxTime: "unlimited",
  busyNodes: 0,
});

const registry = "10.0.35.26:5000";

const region = (id: string, name: string, containers: boolean, suspended: string[]): Region => ({
  id,
  name,
  containers,
  suspended,
  groups: [group("TeslaM40", "gpu", 2, 4), group("kshdtest", "dcu", 1, 4), group("cpuonly", "cpu", 1, 0)],
  images: (["gpu", "dcu", "cpu"] as const).flatMap((type) => [
    {
      path: `${registry}/${type}/admin/base/jupyter:4.4-py3.7-${type}`,
      version: `jupyter:4.4-py3.7-${type}`,
      imageSize: "6442450944",
      type: "JupyterLab",
      acceleratorType: type,
      access: "public" as const,
    },
    {
      path: `${registry}/${type}/admin/base/pytorch:2.1-${type}`,
      version: `pytorch:2.1-${type}`,
      imageSize: "10737418240",
      type: "Base",
      acceleratorType: type,
      access: "public" as const,
    },
  ]),
  mountDirs: ["/public/home/lab", "/public1/home/lab"],
});

/** A small platform with one account; every one of its secrets is public. */
export const defaultContainerWorld = (): ContainerWorld => ({
  signingKey: "the simulator's own signing key",
  accounts: [
    {
      user: "bob",
      computeUser: "acbob",
      userId: "11655048541",
      accessKey: "85f96a42b13f4d2c8b760d2775bbcca8",
      secretKey: "simulated-secret-key",
      password: "simulated-password",
      orgId: "6048ce7ba15c2af2e8cec12991ec13cf",
      status: "Normal",
      balance: "1024.50",
    },
  ],
  regions: [
    region("11112", "华东一区", true, []),
    region("11113", "suspended-region", true, ["bob"]),
    region("11114", "hpc-only", false, []),
  ],
  tasks: [],
  switches: { ...defaultSwitches },
  revoked: [],
});
