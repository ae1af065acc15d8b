import type { ImageFile, NodeState } from "../world/node";

/** Whether an image is being fetched or sent; uploads are kept under full paths, so that this misses them (reference 5). */
export function isBusyImage(node: NodeState, name: string): boolean {
  return node.transfers.some((transfer) => transfer.key === name);
}

export function fileNamed(node: NodeState, path: string): ImageFile | undefined {
  const name = path.startsWith("/data/") ? path.slice("/data/".length) : path;
  return [...node.images, ...node.files].find((file) => file.name === name);
}

/** Whether a file is there, VM disks and snapshots included. */
export function fileExists(node: NodeState, path: string): boolean {
  if (path.startsWith("/data/") && fileNamed(node, path) !== undefined) return true;
  return Object.values(node.tasks).some(
    (task) =>
      task.disks.some((disk) => disk.file === path) ||
      task.snapshots.some((snapshot) => snapshot.file === path && snapshot.made === true),
  );
}

/** Files of an image's chain that are missing. */
export function missingBackings(node: NodeState, name: string): string[] {
  let backing = fileNamed(node, name)?.backing;
  while (backing?.includes("/data/")) {
    const next = fileNamed(node, backing);
    if (next === undefined) return [backing];
    backing = next.backing;
  }
  return [];
}
