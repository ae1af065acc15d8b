import * as pulumi from "@pulumi/pulumi";
import * as dbc from "pulumi-dbc";

/** One student's lab. */
export interface LabPlan {
  readonly nodeId: string;
  /** Number of the lab on its node: ports belong to the node, and labs on it must not share them. */
  readonly place: number;
}

/** What a lab is made of: the program of each stack, run inside this process. */
export const lab = (plan: LabPlan) => async (): Promise<Record<string, pulumi.Output<unknown>>> => {
  const vm = new dbc.Vm("box", {
    nodeId: plan.nodeId,
    image: "ubuntu.qcow2",
    cpuCores: 4,
    memoryGib: 16,
    dataDiskGib: 50,
    sshPort: 21_000 + plan.place,
    vncPort: 6_000 + plan.place,
    description: `${pulumi.getProject()}/${pulumi.getStack()}`,
  });
  return { ssh: vm.sshCommand.apply((command) => command ?? ""), password: pulumi.secret(vm.password) };
};
