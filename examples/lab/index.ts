/**
 * A lab on every node that this account rents: two virtual machines a node, ready to be signed in to. Those of the
 * first node share a private network, and one of them has a further disk.
 *
 *   make up       brings it up on the simulator
 *   make down     takes it down
 *
 * On the simulator it also shows what would cost time and money on real nodes: a snapshot that travels to another node,
 * a container task, and a question to the interconnection platform. `pulumi config set everything true` does so there.
 */
import * as pulumi from "@pulumi/pulumi";
import * as dbc from "pulumi-dbc";

const config = new pulumi.Config();

/** Nodes from `pulumi config set --path 'nodes[0]' <node id>`, else those that answer to our account. */
const rentedNodes = async (): Promise<string[]> => {
  const given = config.getObject<string[]>("nodes");
  if (given) return given;
  const rented: string[] = [];
  for (const { nodeId } of await dbc.getNodes()) {
    try {
      await dbc.getVms({ nodeId });
      rented.push(nodeId);
    } catch {
      // somebody else's
    }
  }
  return rented;
};

/** One of each of the other resources. */
const showAll = async (vm: dbc.Vm, branch: string, image: string) => {
  const [imageServer] = await dbc.getImageServers();
  if (imageServer === undefined) return {};
  // what a course starts from: the image itself, and a copy of a machine that was prepared, on another node
  new dbc.ImageUpload("image", { nodeId: vm.nodeId, name: image, imageServer });
  const snapshot = new dbc.Snapshot("prepared", { vmId: vm.id, name: "prepared", imageServer });
  const copy = new dbc.Image("prepared", { nodeId: branch, name: snapshot.image, imageServer });

  // where the node sends its figures of the machines
  const figures = new dbc.MonitorServers("figures", {
    nodeId: vm.nodeId,
    servers: ["zabbix.example.com:10051"],
  });

  const demand = new dbc.ComputingResourceQuery("demand", { data: { userID: "lab", gpu_model: "TeslaM40" } });
  const [container] = await dbc.getContainerImages();
  const notebook =
    container &&
    new dbc.ContainerTask("notebook", {
      name: "notebook",
      taskType: "jupyter",
      resourceGroup: "TeslaM40",
      image: container.path,
      acceleratorType: "gpu",
      acceleratorCount: 1,
      cpuCores: 4,
      ramMib: 16_384,
      timeLimit: "12:00:00",
    });
  return {
    prepared: copy.name,
    figures: figures.servers,
    places: demand.results,
    notebook: notebook?.accessUrl,
  };
};

export = async () => {
  const image = config.get("image") ?? "ubuntu.qcow2";
  const perNode = config.getNumber("vmsPerNode") ?? 2;
  const nodes = await rentedNodes();
  const [home, branch] = nodes;

  const lan = home === undefined ? undefined : new dbc.Lan("lan", { nodeId: home, cidr: "192.168.60.0/24" });

  const vms: Record<string, dbc.Vm> = {};
  for (const [n, nodeId] of nodes.entries()) {
    for (let i = 0; i < perNode; i++) {
      const name = `trainer-${n}-${i}`;
      vms[name] = new dbc.Vm(name, {
        nodeId,
        image,
        ...(n === 0 && lan && { lan: lan.name }),
        cpuCores: 8,
        memoryGib: 32,
        gpuCount: 1,
        dataDiskGib: 100,
        // ports belong to the node: the VMs on it must not share them
        sshPort: 20_022 + i,
        vncPort: 5_901 + i,
        portMaps: [{ protocol: "tcp", host: 28_888 + i, guest: 8_888 }],
        description: `${pulumi.getProject()}/${pulumi.getStack()}/${name}`,
      });
    }
  }

  const first = vms["trainer-0-0"];
  const disk = first && new dbc.DataDisk("data", { vmId: first.id, sizeGib: 50 });

  const everything = config.getBoolean("everything") ?? process.env.DBC_LAB !== undefined;
  const more = everything && first && branch ? await showAll(first, branch, image) : {};

  const each = <T>(pick: (vm: dbc.Vm) => T): Record<string, T> =>
    Object.fromEntries(Object.entries(vms).map(([name, vm]) => [name, pick(vm)]));
  return {
    ssh: each((vm) => vm.sshCommand),
    passwords: each((vm) => vm.password),
    ...(lan && { lan: lan.name }),
    ...(disk && { disk: disk.file }),
    ...more,
  };
};
