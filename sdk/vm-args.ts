// Generated from the resource's definition by `make docs`; do not edit.
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link Vm}. */
export interface VmArgs {
  /**
   * Rented node that the VM runs on.
   * A change replaces the resource.
   * @see `peer_nodes_list` of POST /tasks/start
   */
  readonly nodeId: pulumi.Input<string>;

  /**
   * Image on the node that the system disk is cloned from.
   * A change replaces the resource.
   * @see `image_name` of POST /tasks/start
   */
  readonly image: pulumi.Input<string>;

  /**
   * Guest system; decides between SSH and RDP.
   * A change replaces the resource.
   * @defaultValue "linux"
   * @see `operation_system` of POST /tasks/start
   */
  readonly os?: pulumi.Input<"linux" | "windows"> | undefined;

  /**
   * Firmware: `legacy` for Linux and `uefi` for Windows unless given; `pxe` boots from the network and has no disks, address or password.
   * A change replaces the resource.
   * @see `bios_mode` of POST /tasks/start
   */
  readonly bios?: pulumi.Input<"legacy" | "uefi" | "pxe"> | undefined;

  /**
   * Private network to join.
   * A change replaces the resource.
   * @see `network_name` of POST /tasks/start
   */
  readonly lan?: pulumi.Input<string> | undefined;

  /**
   * Multicast groups shared with other VMs, each as address:port.
   * A change replaces the resource.
   * @see `multicast` of POST /tasks/start
   */
  readonly multicast?: pulumi.Input<pulumi.Input<string>[]> | undefined;

  /**
   * Existing disk file in the node's /data to use as the data disk (vdb). The node deletes it with the VM.
   * A change replaces the resource.
   * @see `data_file_name` of POST /tasks/start
   */
  readonly dataFile?: pulumi.Input<{ name: pulumi.Input<string>; deletedWithVm: pulumi.Input<true> }> | undefined;

  /**
   * Model of the network card.
   * A change replaces the resource.
   * @defaultValue "virtio"
   * @see `interface_model_type` of POST /tasks/start
   */
  readonly interfaceModel?: pulumi.Input<"virtio" | "e1000" | "rtl8139"> | undefined;

  /**
   * Virtual CPU cores.
   * A change needs a power-off and a start: see `allowStop`.
   * @see `cpu_cores` of POST /tasks/modify/{task_id}
   */
  readonly cpuCores: pulumi.Input<number>;

  /**
   * Memory in GiB.
   * A change needs a power-off and a start: see `allowStop`.
   * @see `mem_size` of POST /tasks/modify/{task_id}
   */
  readonly memoryGib: pulumi.Input<number>;

  /**
   * Whole GPUs passed through.
   * A change needs a power-off and a start: see `allowStop`.
   * @defaultValue 0
   * @see `gpu_count` of POST /tasks/modify/{task_id}
   */
  readonly gpuCount?: pulumi.Input<number> | undefined;

  /**
   * Size of the first data disk (vdb) in GiB; it can grow, never shrink.
   * A change needs a power-off and a start: see `allowStop`.
   * @see `disk_size` of POST /disk/resize/{task_id}
   */
  readonly dataDiskGib?: pulumi.Input<number> | undefined;

  /**
   * Port of the VNC console on the node.
   * A change needs a power-off and a start: see `allowStop`.
   * @see `vnc_port` of POST /tasks/modify/{task_id}
   */
  readonly vncPort: pulumi.Input<number>;

  /**
   * Port of the node that leads to the VM's SSH (Linux). With `publicIp` it may be left out: 22.
   * A change is made in place, without a stop.
   * @see `ssh_port` of POST /tasks/modify/{task_id}
   */
  readonly sshPort?: pulumi.Input<number> | undefined;

  /**
   * Port of the node that leads to the VM's RDP (Windows). With `publicIp` it may be left out: 3389.
   * A change is made in place, without a stop.
   * @see `rdp_port` of POST /tasks/modify/{task_id}
   */
  readonly rdpPort?: pulumi.Input<number> | undefined;

  /**
   * More ports of the node that lead to the VM; `guest` is `host` unless given.
   * A change is made in place, without a stop.
   * @see `custom_port` of POST /tasks/modify/{task_id}
   */
  readonly portMaps?: pulumi.Input<pulumi.Input<{ protocol: pulumi.Input<"tcp" | "udp" | "both">; host: pulumi.Input<number | string>; guest?: pulumi.Input<number | string> }>[]> | undefined;

  /**
   * Public address of the VM's own.
   * A change is made in place, without a stop.
   * @see `public_ip` of POST /tasks/modify/{task_id}
   */
  readonly publicIp?: pulumi.Input<string> | undefined;

  /**
   * Firewall rules of the VM.
   * A change is made in place, without a stop.
   * @see `network_filters` of POST /tasks/modify/{task_id}
   */
  readonly networkFilters?: pulumi.Input<pulumi.Input<{ direction: pulumi.Input<"in" | "out" | "inout">; protocol: pulumi.Input<"all" | "tcp" | "udp" | "ssh" | "rdp" | "http" | "https" | "icmp" | "ftp" | "dns(udp)" | "dns(tcp)">; port: pulumi.Input<number | string | "all">; cidr: pulumi.Input<string>; action: pulumi.Input<"accept" | "drop"> }>[]> | undefined;

  /**
   * Whether the VM runs; not managed unless given. Stopping is a hard power-off.
   * A change is made in place, without a stop.
   * @see POST /tasks/start/{task_id}, /tasks/poweroff/{task_id}
   */
  readonly powerState?: pulumi.Input<"running" | "stopped"> | undefined;

  /**
   * User and password to set in the guest; needs the guest agent.
   * A change is made in place, without a stop.
   * @see POST /tasks/passwd/{task_id}
   */
  readonly login?: pulumi.Input<{ username: pulumi.Input<string>; password: pulumi.Input<string> }> | undefined;

  /**
   * Any text; a change of it restarts the VM.
   * A change is made in place, without a stop.
   * @see POST /tasks/restart/{task_id}
   */
  readonly restartTrigger?: pulumi.Input<string> | undefined;

  /**
   * How `restartTrigger` restarts: by asking the guest, by power-off and start, or by the reset button.
   * A change makes no API call.
   * @defaultValue "guest"
   */
  readonly restartMode?: pulumi.Input<"guest" | "force" | "reset"> | undefined;

  /**
   * Per-GPU rental order that the VM belongs to.
   * A change is made in place, without a stop.
   * @see `rent_order` of POST /tasks/start
   */
  readonly rentOrder?: pulumi.Input<string> | undefined;

  /**
   * Free text. The node is told it once, at creation.
   * A change makes no API call.
   * @see `desc` of POST /tasks/start
   */
  readonly description?: pulumi.Input<string> | undefined;

  /**
   * Deadlines: create 60 m, update 30 m, delete 20 m unless given. Filled from `customTimeouts`.
   * A change makes no API call.
   */
  readonly timeouts?: pulumi.Input<{ create?: pulumi.Input<string>; update?: pulumi.Input<string>; delete?: pulumi.Input<string> }> | undefined;

  /**
   * Whether a running VM may be powered off for a change that needs it.
   * A change makes no API call.
   * @defaultValue false
   */
  readonly allowStop?: pulumi.Input<boolean> | undefined;

  /**
   * When a create counts as done: the VM runs and has an address, or its SSH answers as well.
   * A change makes no API call.
   * @defaultValue "running"
   */
  readonly waitFor?: pulumi.Input<"running" | "ssh"> | undefined;

  /**
   * Refuses deletes and replacements.
   * A change makes no API call.
   * @defaultValue false
   */
  readonly deletionProtection?: pulumi.Input<boolean> | undefined;

  /**
   * Takes over this existing VM instead of creating one.
   * A change makes no API call.
   */
  readonly adoptTaskId?: pulumi.Input<string> | undefined;
}
