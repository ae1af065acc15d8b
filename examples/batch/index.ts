/**
 * A batch: several containers, each of which works on its part of a directory and then ends, or is stopped by its
 * time limit. `pulumi up` only puts them into the queue; `pulumi up --refresh` tells how far they are.
 *
 * A part that has ended stays as it is, whatever it came to. `pulumi config set run 2` runs all of them again.
 */
import * as pulumi from "@pulumi/pulumi";
import * as dbc from "pulumi-dbc";

const config = new pulumi.Config();
const parts = config.getNumber("parts") ?? 3;
const run = config.get("run") ?? "1";

const scriptOf = (part: number): string => `
cd /work
./run.sh --part ${part} --of ${parts} > run-${run}-part-${part}.log 2>&1
`;

const tasks = Array.from(
  { length: parts },
  (_, part) =>
    new dbc.ContainerTask(`part-${part}`, {
      name: `batch-${part}`,
      resourceGroup: config.get("resourceGroup") ?? "TeslaM40",
      taskType: "ssh",
      image: config.require("image"),
      acceleratorType: "gpu",
      cpuCores: 8,
      ramMib: 32_768,
      timeLimit: config.get("timeLimit") ?? "02:00:00",
      startScript: scriptOf(part),
      mounts: [{ source: config.require("directory"), target: "/work", type: "path" }],
      waitFor: "accepted",
    }),
);

export const status = pulumi.all(tasks.map((task) => task.status));
export const ended = pulumi.all(tasks.map((task) => task.endedAt));
