import type { ImageFile, NodeState, Transfer } from "../world/node";
import type { ImageServer } from "../world/world";
import type { NodeRequest } from "./request";
import type { Site } from "./site";

/** Finished transfers leave the table at the next look, every 3 s (reference 5). */
const lookEvery = 3000;

function duration(site: Site, bytes: number): number {
  return Math.ceil((bytes / site.engine.profile.transferRate) * 1000);
}

/** The node's rsync gives up after this long without a byte (reference 5). */
const stallSeconds = 600;

function add(
  site: Site,
  operation: string,
  transfer: Omit<Transfer, "startedAt" | "endsAt" | "forgottenAt" | "moved">,
): void {
  const startedAt = site.now;
  const wouldEndAt = startedAt + duration(site, transfer.sizeBytes);
  const times = { startedAt, endsAt: wouldEndAt, forgottenAt: wouldEndAt + lookEvery, moved: false };
  const occasion = { operation, nodeId: site.node.id, taskId: transfer.snapshot?.taskId ?? "" };
  const fault = site.engine.faults.strike(["transfer-stall"], occasion);
  if (fault === undefined) site.node.transfers.push({ ...transfer, ...times });
  else {
    const at = Math.round((startedAt + wouldEndAt) / 2);
    const endsAt = at + (fault.seconds ?? stallSeconds) * 1000;
    const stalled = { stall: { at, wouldEndAt }, endsAt, forgottenAt: endsAt + lookEvery, fails: true };
    site.node.transfers.push({ ...transfer, ...times, ...stalled });
  }
  scheduleTransfers(site);
}

/** How much of a transfer is done, from 0 to 1. */
export function shareOf({ startedAt, endsAt, stall }: Transfer, now: number): number {
  if (now >= endsAt) return 1;
  return (Math.min(now, stall?.at ?? now) - startedAt) / ((stall?.wouldEndAt ?? endsAt) - startedAt);
}

export function startDownload(
  site: Site,
  request: NodeRequest,
  image: ImageServer["images"][number],
  directory: string,
): void {
  add(site, "images.download", {
    key: image.name,
    kind: "download",
    fileName: image.name,
    directory: directory.replace(/\/+$/, "") || "/",
    imageServer: request.imageServer,
    sizeBytes: image.sizeBytes,
    virtualGib: image.virtualGib,
    fails: site.strikes("transfer-error", request),
  });
}

export function startUpload(
  site: Site,
  imageServer: string,
  path: string,
  sizeBytes: number,
  rest: Pick<Transfer, "virtualGib" | "fails" | "snapshot">,
): void {
  const slash = path.lastIndexOf("/");
  add(site, rest.snapshot === undefined ? "images.upload" : "snapshot.create", {
    key: path,
    kind: "upload",
    fileName: path.slice(slash + 1),
    directory: path.slice(0, slash),
    imageServer,
    sizeBytes,
    ...rest,
  });
}

/** Sets the timer for the next end of a transfer. */
export function scheduleTransfers(site: Site): void {
  const next = Math.min(
    ...site.node.transfers.map((transfer) => (transfer.moved ? transfer.forgottenAt : transfer.endsAt)),
  );
  site.engine.schedule(`transfers ${site.node.id}`, Number.isFinite(next) ? next : undefined, () => {
    site.engine.node(site.node.id);
    finishTransfers(site);
    site.engine.saveSoon();
  });
}

function finishTransfers(site: Site): void {
  const { node } = site;
  for (const transfer of node.transfers) {
    if (transfer.moved || site.now < transfer.endsAt) continue;
    transfer.moved = true;
    // A failed transfer leaves no trace but the missing file.
    if (!transfer.fails) arrive(site, node, transfer);
  }
  for (const transfer of node.transfers) {
    if (site.now < transfer.forgottenAt || transfer.snapshot === undefined) continue;
    const task = node.tasks[transfer.snapshot.taskId];
    if (task !== undefined) task.snapshotStatus[transfer.snapshot.name] = "none";
  }
  node.transfers = node.transfers.filter((transfer) => site.now < transfer.forgottenAt);
  scheduleTransfers(site);
}

function isTorn(node: NodeState, file: string): true | undefined {
  const all = Object.values(node.tasks).flatMap(({ snapshots }) => snapshots);
  return all.some((snapshot) => snapshot.file === file && snapshot.torn === true) || undefined;
}

function arrive(site: Site, node: NodeState, transfer: Transfer): void {
  const { fileName, sizeBytes, virtualGib } = transfer;
  if (transfer.kind === "download") {
    const image: ImageFile = { name: fileName, sizeBytes, virtualGib };
    // Elsewhere than in /data it is of no use to tasks.
    if (transfer.directory !== "/data") return;
    node.images = [...node.images.filter((other) => other.name !== fileName), image];
    return;
  }
  const server = site.engine.world.imageServers.find((item) => item.id === transfer.imageServer);
  // A server out of reach is noticed by the transfer alone, which tells nobody.
  if (server === undefined || !server.reachable) return;
  server.images = [
    ...server.images.filter((other) => other.name !== fileName),
    { name: fileName, sizeBytes, virtualGib, torn: isTorn(node, transfer.key) },
  ];
}
