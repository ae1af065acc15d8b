/**
 * A machine on a node of the older generation of the API (before 0.3.9.8), a snapshot of it, and an image for others.
 *
 *   pulumi config set nodeId <node id>
 *   pulumi config set snapshot before-upgrade     a snapshot of the system disk; the machine is off meanwhile
 *   pulumi config set share mine.qcow2            a file of the node's /data that the image centre is to have
 *
 * Nothing here names the generation: it is told by the node's version. Where that can't be had, it is set with
 * `pulumi config set dbc:apiGeneration legacy`. Such a node takes seven things of a machine, those below; anything
 * else is a mistake at preview. A machine is told from others by its two ports, so that each wants its own.
 */
import * as pulumi from "@pulumi/pulumi";
import * as dbc from "pulumi-dbc";

const config = new pulumi.Config();
const nodeId = config.require("nodeId");
const snapshotName = config.get("snapshot");
const share = config.get("share");

const box = new dbc.Vm("box", {
  nodeId,
  image: config.get("image") ?? "ubuntu.qcow2",
  cpuCores: 4,
  memoryGib: 8,
  gpuCount: config.getNumber("gpuCount") ?? 0,
  dataDiskGib: 10,
  sshPort: 20_022,
  vncPort: 5_904, // 5900 to 6000 on such a node
  // it can be stopped and started; nothing else of it changes once it is made
  powerState: config.getBoolean("off") ? "stopped" : "running",
  allowStop: true,
});

// libvirt's, of single disks; it stays on the node until the machine goes
const snapshot =
  snapshotName === undefined
    ? undefined
    : new dbc.Snapshot("snapshot", {
        vmId: box.id,
        name: snapshotName,
        description: "made by examples/legacy-node",
        disks: [
          { name: "vda", type: "external" },
          { name: "vdb", type: "no" },
        ],
      });

// one image centre serves all such nodes; what it has, it keeps
const upload = share === undefined ? undefined : new dbc.ImageUpload("share", { nodeId, name: share });

export const ssh = box.sshCommand;
export const password = box.password;
export const snapshotFile = snapshot?.file;
export const shared = upload?.image;
