/** Work for a node's single worker; strictly first in, first out (reference 0, b). */
export type Job = JobKind & {
  taskId: string;
  /** How far it is; each stage ends at `dueAt`. */
  stage: number;
  dueAt: number | null;
  /** Time of the request. */
  queuedAt: number;
};

/** How a create is made to fail, or to end without a password. */
export type CreateFault = "define-error" | "boot-error" | "no-address" | "iptables-error" | "agent-absent";

export type JobKind =
  | { kind: "create"; fault?: CreateFault | undefined }
  | { kind: "start" }
  | { kind: "shutdown" }
  | { kind: "poweroff" }
  | { kind: "restart" }
  | { kind: "force-reboot" }
  | { kind: "reset" }
  | { kind: "delete" }
  | { kind: "resize-disk"; disk: string; file: string; growKib: number }
  | { kind: "add-disk"; sizeKib: number; directory: string }
  | { kind: "delete-disk"; disk: string }
  | { kind: "snapshot"; name: string; file: string; imageServer: string }
  | { kind: "libvirt-snapshot"; name: string };
