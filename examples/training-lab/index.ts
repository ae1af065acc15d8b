/**
 * A training lab: two machines with GPUs in a private network, with data disks of their own, and a third machine on
 * another node that starts from a copy of the first.
 *
 *   pulumi config set --path 'nodes[0]' <node id>     where the lab is
 *   pulumi config set --path 'nodes[1]' <node id>     where the third machine is
 *   pulumi up
 *
 * Prepare the first machine, then `pulumi config set allowStop true`, `pulumi config set release v1` and `pulumi up`:
 * its system disk is copied (it is off meanwhile), sent to the image server, brought to the other node, and started
 * there.
 */
import * as pulumi from "@pulumi/pulumi";
import * as dbc from "pulumi-dbc";

const config = new pulumi.Config();
const [home = "", branch = home] = config.requireObject<string[]>("nodes");
const release = config.get("release");
const allowStop = config.getBoolean("allowStop") ?? false;

/** The image server to use: the one that is set, else the first that the client node knows. */
const chosenServer = async (): Promise<string> => {
  const [first] = await dbc.getImageServers();
  const server = config.get("imageServer") ?? first;
  if (server === undefined)
    throw new pulumi.RunError("the client node has no image server: see its image_server setting");
  return server;
};

export = async () => {
  const lan = new dbc.Lan("lan", { nodeId: home, cidr: "192.168.50.0/24" });

  const size = { cpuCores: 8, memoryGib: 32, gpuCount: 1, dataDiskGib: 100, allowStop };
  const trainers = ["trainer-a", "trainer-b"].map(
    (name, n) =>
      new dbc.Vm(name, {
        ...size,
        nodeId: home,
        image: config.get("image") ?? "ubuntu.qcow2",
        lan: lan.name,
        sshPort: 20_022 + n,
        vncPort: 5_901 + n,
      }),
  );
  const [first] = trainers;
  if (!first) throw new Error("there is a first trainer");

  // data sets: `pulumi config set --path 'disksGib[0]' 200`
  const disks = (config.getObject<number[]>("disksGib") ?? [50]).map(
    (sizeGib, n) => new dbc.DataDisk(`data-${n}`, { vmId: first.id, sizeGib }),
  );

  const ssh: Record<string, pulumi.Output<string | undefined>> = {};
  for (const [n, vm] of trainers.entries()) ssh[`trainer-${n}`] = vm.sshCommand;

  if (release !== undefined) {
    const imageServer = await chosenServer();
    const snapshot = new dbc.Snapshot("release", { vmId: first.id, name: release, imageServer });
    const image = new dbc.Image("release", { nodeId: branch, name: snapshot.image, imageServer });
    const copy = new dbc.Vm("copy", {
      ...size,
      nodeId: branch,
      image: image.name,
      sshPort: 20_122,
      vncPort: 5_911,
    });
    ssh.copy = copy.sshCommand;
  }

  return {
    ssh,
    addresses: trainers.map((vm) => vm.localAddresses),
    disks: disks.map((disk) => disk.file),
  };
};
