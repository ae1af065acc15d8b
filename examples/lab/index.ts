/**
 * A lab on every node that this account rents: two virtual machines a node, ready to be signed in to.
 *
 *   make up       brings it up on the simulator
 *   make down     takes it down
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

export = async () => {
  const image = config.get("image") ?? "ubuntu.qcow2";
  const perNode = config.getNumber("vmsPerNode") ?? 2;

  const vms: Record<string, dbc.Vm> = {};
  for (const [n, nodeId] of (await rentedNodes()).entries()) {
    for (let i = 0; i < perNode; i++) {
      const name = `trainer-${n}-${i}`;
      vms[name] = new dbc.Vm(name, {
        nodeId,
        image,
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

  const each = <T>(pick: (vm: dbc.Vm) => T): Record<string, T> =>
    Object.fromEntries(Object.entries(vms).map(([name, vm]) => [name, pick(vm)]));
  return {
    ssh: each((vm) => vm.sshCommand),
    passwords: each((vm) => vm.password),
  };
};
