/**
 * A classroom: the same machines on each of several nodes, as one component.
 *
 *   pulumi config set --path 'nodes[0]' <node id>
 *   pulumi config set --path 'nodes[1]' <node id>
 *   pulumi config set imageServer <id>               one that has course.qcow2 and extra.qcow2
 *   pulumi config set seats 4                        machines on each node
 *   pulumi up --parallel 64
 */
import * as pulumi from "@pulumi/pulumi";
import * as dbc from "pulumi-dbc";

const config = new pulumi.Config();
const nodes = config.requireObject<string[]>("nodes");

const classroom = new dbc.Lab("course", {
  nodes,
  vmsPerNode: config.getNumber("seats") ?? 1,
  image: "course.qcow2",
  imageServer: config.require("imageServer"),
  vm: { cpuCores: 4, memoryGib: 16, gpuCount: 1, dataDiskGib: 50 },
  disksGib: config.getObject<number[]>("disksGib") ?? [],
  // the teacher's machine is larger
  each: ({ nodeId, number }) => (nodeId === nodes[0] && number === 0 ? { cpuCores: 8, memoryGib: 32 } : {}),
});

/** A further image on every node, for those who want to try another system. */
const extras = dbc.forEachNode(
  nodes,
  ({ nodeId, name }) =>
    new dbc.Image(name("extra"), {
      nodeId,
      name: "extra.qcow2",
      imageServer: config.require("imageServer"),
    }),
);

export const logins = classroom.sshCommands;
export const passwords = classroom.passwords; // secret
export const network = classroom.lan?.name;
export const extraImages = Object.values(extras).map((image) => image.id);
