/** What the rows of the client's contract are made of. */
import { labNodes } from "../../simulator";

export const NODE = labNodes.alice1;
export const KEY = "pd1aaaaaaaaaaaaaaaaaaa";

export interface Contract {
  readonly method: string;
  readonly args: readonly unknown[];
  /** Below `/api/v1`. */
  readonly path: string;
  /** The client node's name for it in the simulator. */
  readonly operation: string;
  readonly additional?: unknown;
  readonly write?: boolean;
  /** Answered by the client node itself. */
  readonly local?: true;
  /** Anybody may ask, so nothing secret is sent along. */
  readonly open?: true;
  /** How the VM of the lab is to be, and what else is to be there. */
  readonly when?: "off" | "downloading" | "uploading" | "snapshot";
  /** Exactly what comes back; asymmetric where the lab makes it up. */
  readonly gives?: unknown;
}

export const text = expect.any(String);
export const gib = (name: string, size: string, sizeGib: number) => ({ name, size, sizeGib });
export const summary = (taskId: string, status: string) => ({
  taskId,
  status,
  description: "",
  createdAt: text,
});
export const images = [
  gib("ubuntu.qcow2", "4.5G", 4.5),
  gib("ubuntu-22.04.qcow2", "5.25G", 5.25),
  gib("ubuntu-20.04-cuda.qcow2", "11G", 11),
  gib("windows.qcow2", "18G", 18),
];
