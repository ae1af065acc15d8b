import { type FaultKind, hasSentinel } from "../fault";
import { isLegacy } from "../legacy/generation";
import { finishSnapshot } from "../legacy/snapshots";
import type { Span } from "../profile";
import { fileTime, scaleSize } from "../size";
import type { Job } from "../world/job";
import type { Task, TaskStatus } from "../world/task";
import { totalCores } from "../world/task";
import { isLinux } from "./accounting";
import { leaveLan } from "./lan-table";
import type { Site } from "./site";
import { dropSnapshot } from "./snapshots";
import { startUpload } from "./transfers";

/** What a stage ends with: how long the next one takes, or that the job is done. */
type Next = Span | "done";

/** The status moves on only if nobody has set another one meanwhile (reference b). */
function move(task: Task, from: TaskStatus, to: TaskStatus): void {
  if (task.status === from) task.status = to;
}

function boot(task: Task): void {
  task.domain = "running";
  task.bootedWith = {
    cpu: { ...task.cpu },
    memoryKib: task.memoryKib,
    gpus: [...task.gpus],
    vncPort: task.vncPort,
  };
}

function powerOff(task: Task): void {
  task.domain = "shutoff";
  task.bootedWith = null;
}

function fails(site: Site, task: Task, kind: FaultKind, operation: string): boolean {
  return (
    site.node.libvirt === "down" ||
    hasSentinel(kind, task.description, task.image) ||
    site.strikes(kind, { operation, taskId: task.id })
  );
}

/** How long the first stage of a job takes. */
export function firstStage(site: Site, job: Job): Span {
  const { profile } = site.engine;
  const task = site.node.tasks[job.taskId];
  switch (job.kind) {
    case "create":
      return profile.define;
    case "start":
      return profile.start;
    case "shutdown":
    case "poweroff":
      return profile.stop;
    case "restart":
      // A running guest is only asked to reboot, which is done at once.
      return task?.domain === "running" ? [0, 0] : profile.start;
    case "force-reboot":
      return profile.forceReboot;
    case "reset":
      return profile.reset;
    case "delete":
      return profile.remove;
    case "snapshot": {
      const snapshot = task?.snapshots.find((item) => item.file === job.file);
      const ms = ((snapshot?.sizeBytes ?? 0) / profile.copyRate) * 1000;
      return [ms, ms];
    }
    default:
      return profile.disk;
  }
}

/** Ends the current stage of a job. */
export function finishStage(site: Site, job: Job): Next {
  const task = site.node.tasks[job.taskId];
  if (task === undefined) return "done";
  switch (job.kind) {
    case "create":
      return createStage(site, task, job);
    case "start":
      return startStage(site, task);
    case "shutdown":
    case "poweroff":
      return stopStage(site, task, job.kind);
    case "restart":
    case "force-reboot":
      return restartStage(site, task, job.kind);
    case "reset": {
      const failed = task.domain !== "running" || fails(site, task, "reset-error", "tasks.reset");
      move(task, "resetting", failed ? "reset error" : "running");
      return "done";
    }
    case "delete":
      // With libvirt away nothing happens, and the task stays "deleting" (reference b).
      if (site.domain(task) !== undefined || (task.domain === null && isLegacy(site.node)))
        removeTask(site, task);
      return "done";
    default:
      finishDiskJob(site, task, job);
      return "done";
  }
}

function createStage(site: Site, task: Task, job: Job & { kind: "create" }): Next {
  const { profile } = site.engine;
  const place = "TaskManager.cpp | 2861 | process_create_task";
  switch (job.stage) {
    case 0: {
      logCreation(site, task);
      if (job.fault === "define-error" || site.node.libvirt === "down") {
        // No machine: a zombie that every verb says does not exist.
        site.log(
          task,
          "error",
          "vm_client.cpp | 946 | CreateDomain",
          "virDomainDefineXML error: operation failed",
        );
        site.log(task, "error", place, "create domain failed");
        move(task, "creating", "create error");
        return "done";
      }
      if (job.fault === "boot-error") {
        powerOff(task);
        site.log(
          task,
          "error",
          "vm_client.cpp | 954 | CreateDomain",
          "virDomainCreate error: internal error",
        );
        site.log(task, "error", place, "create domain failed");
        move(task, "creating", "create error");
        return "done";
      }
      boot(task);
      if (task.bios === "pxe") {
        move(task, "creating", "running");
        return "done";
      }
      return job.fault === "no-address" ? [profile.leaseGivesUp, profile.leaseGivesUp] : profile.lease;
    }
    case 1: {
      if (job.fault === "no-address" || job.fault === "iptables-error") {
        powerOff(task);
        const what = job.fault === "no-address" ? "get vm local ip failed" : "transform ssh port failed";
        site.log(task, "error", place, what);
        move(task, "creating", "create error");
        return "done";
      }
      task.forwarded = true;
      const absent = job.fault === "agent-absent" || !site.node.guestAgent;
      return absent ? [profile.passwordGivesUp, profile.passwordGivesUp] : profile.password;
    }
    default: {
      const user = isLinux(task.os) ? "dbc" : "Administrator";
      if (job.fault === "agent-absent" || !site.node.guestAgent) {
        const text = `set vm user password failed, user:${user}, pwd:${task.loginPassword}, error:Guest agent is not responding: QEMU guest agent is not connected`;
        site.log(task, "error", "vm_client.cpp | 1975 | SetDomainUserPassword", text);
        task.loginUser = "N/A";
        task.loginPassword = "N/A";
      } else {
        const text = `set vm user password successful, user:${user}, pwd:${task.loginPassword}`;
        site.log(task, "info", "vm_client.cpp | 1973 | SetDomainUserPassword", text);
        task.loginUser = user;
      }
      move(task, "creating", "running");
      return "done";
    }
  }
}

function logCreation(site: Site, task: Task): void {
  const { sockets, cores, threads } = task.cpu;
  const log = (line: number, text: string) =>
    site.log(task, "info", `vm_client.cpp | ${line} | CreateDomain`, text);
  log(863, "vga_pci: ");
  log(870, `vcpus: ${totalCores(task.cpu)}, sockets: ${sockets}, cores: ${cores}, threads: ${threads}`);
  log(875, `mem: ${task.memoryKib}KB`);
  log(882, `uuid: ${task.uuid}`);
  log(884, `bios mode: ${task.bios}, operation system: ${task.os}`);
  for (const disk of task.disks) {
    const line = disk.name === "vda" ? 896 : 905;
    log(line, `create ${disk.name}, file: ${disk.file}, size: ${scaleSize(disk.realKib)}`);
  }
  log(927, `vnc port: ${task.vncPort}, password: ${task.vncPassword}`);
}

function startStage(site: Site, task: Task): Next {
  if (fails(site, task, "start-error", "tasks.start")) {
    site.log(task, "error", "TaskManager.cpp | 3015 | process_start_task", "start task failed");
    move(task, "starting", "start error");
    return "done";
  }
  if (task.domain === "shutoff") boot(task);
  task.domain = "running";
  // A create that ended without port forwarding is mended by a start (reference b).
  if (task.bios !== "pxe") task.forwarded = true;
  move(task, "starting", "running");
  return "done";
}

/** Both are the plug pulled, whatever their names say (reference 2.4). */
function stopStage(site: Site, task: Task, kind: "shutdown" | "poweroff"): Next {
  const from = kind === "shutdown" ? "being shutdown" : "being poweroff";
  if (fails(site, task, "stop-error", `tasks.${kind}`)) {
    move(task, from, kind === "shutdown" ? "shutdown error" : "poweroff error");
    return "done";
  }
  powerOff(task);
  move(task, from, "closed");
  return "done";
}

function restartStage(site: Site, task: Task, kind: "restart" | "force-reboot"): Next {
  if (fails(site, task, "restart-error", "tasks.restart")) {
    move(task, "restarting", "restart error");
    return "done";
  }
  if (kind === "force-reboot" || task.domain === "shutoff") boot(task);
  move(task, "restarting", "running");
  return "done";
}

/** Takes a task with everything it has: disks, a data file that was there before it, snapshots (reference 2.4). */
export function removeTask(site: Site, task: Task): void {
  const { node } = site;
  leaveLan(site, task);
  const files = new Set(task.disks.map((disk) => disk.file));
  node.files = node.files.filter((file) => !files.has(`/data/${file.name}`));
  node.images = node.images.filter((image) => !files.has(`/data/${image.name}`));
  for (const snapshot of [...task.snapshots]) dropSnapshot(site, task, snapshot.name);
  delete node.tasks[task.id];
  for (const [wallet, ids] of Object.entries(node.walletTasks))
    node.walletTasks[wallet] = ids.filter((id) => id !== task.id);
  node.oldLogs[task.id] = task.log.slice(-100);
  const old = Object.keys(node.oldLogs);
  for (const id of old.slice(0, Math.max(0, old.length - 50))) delete node.oldLogs[id];
}

/** Disk work shows nowhere but in the lists; a failure is only logged (reference 3). */
function finishDiskJob(site: Site, task: Task, job: Job): void {
  const { dice } = site.engine;
  const failed = (operation: string) => fails(site, task, "disk-error", operation);
  switch (job.kind) {
    case "resize-disk": {
      const disk = task.disks.find((item) => item.name === job.disk);
      if (disk === undefined || failed("disk.resize")) return;
      // Only vda's shown size stays a constant until something asks qemu-img.
      disk.realKib += job.growKib;
      disk.shownKib = disk.realKib;
      return;
    }
    case "add-disk": {
      if (failed("disk.add")) return;
      const names = task.disks.map((disk) => disk.name).sort();
      const last = names.at(-1)?.slice(-1) ?? "a";
      const name = `vd${String.fromCharCode(last.charCodeAt(0) + 1)}`;
      const file = `${job.directory}/data_${dice.below(100_000)}_${fileTime(site.now)}.qcow2`;
      task.disks.push({ name, file, shownKib: job.sizeKib, realKib: job.sizeKib });
      return;
    }
    case "libvirt-snapshot":
      finishSnapshot(task, job.name, fails(site, task, "snapshot-error", "snapshot.create"));
      return;
    case "delete-disk":
      if (failed("disk.delete")) return;
      task.disks = task.disks.filter((disk) => disk.name !== job.disk);
      return;
    case "snapshot": {
      const snapshot = task.snapshots.find((item) => item.file === job.file);
      if (snapshot === undefined) return;
      snapshot.made = true;
      // nobody looks again whether the machine is off (reference 4)
      if (task.domain !== "shutoff") snapshot.torn = true;
      const server = site.engine.world.imageServers.find((item) => item.id === job.imageServer);
      // An upload that can't begin takes the entry with it (reference 4).
      if (server === undefined || !server.reachable) {
        dropSnapshot(site, task, job.name);
        return;
      }
      task.snapshotStatus[job.name] = "uploading";
      const fault = site.strikes("snapshot-error", { operation: "snapshot.create", taskId: task.id });
      startUpload(site, job.imageServer, job.file, snapshot.sizeBytes, {
        virtualGib: (task.disks.find((disk) => disk.name === "vda")?.realKib ?? 0) / 1024 ** 2,
        fails: fault || hasSentinel("snapshot-error", snapshot.description, task.description),
        snapshot: { taskId: task.id, name: job.name },
      });
      return;
    }
    default:
      return;
  }
}
