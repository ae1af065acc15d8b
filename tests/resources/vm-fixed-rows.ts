/** The arguments of a Vm that can't be changed in place. */
import { labNodes } from "../../simulator";
import {
  call,
  changes,
  DETAIL,
  type Given,
  GONE,
  LIST,
  PLAIN,
  type Row,
  removes,
  replace,
  sets,
} from "./vm-field-row";

export const windows: Given = { os: "windows", image: "windows.qcow2", sshPort: undefined, rdpPort: 23_389 };
export const windowsBody = {
  operation_system: "windows",
  image_name: "windows.qcow2",
  bios_mode: "uefi",
  ssh_port: undefined,
  rdp_port: "23389",
};
const linux: Given = { os: undefined, image: "ubuntu.qcow2", sshPort: 20_022, rdpPort: undefined };

const file = (name: string): Given => ({ dataFile: { name, deletedWithVm: true }, dataDiskGib: undefined });
const fileBody = (name: string) => ({ data_file_name: name, disk_size: "1" });

const group = { one: ["230.0.0.1:5558"], both: ["230.0.0.1:5558", "239.0.0.2:5559"] };

export const FIXED = {
  nodeId: {
    create: [{ nodeId: labNodes.alice2 }, {}],
    required: true,
    steps: [
      changes({ nodeId: labNodes.alice2 }, [
        ...GONE,
        ...["POST /mining_nodes/session_id", LIST, "POST /mining_nodes"].map((line) => `${line} on a2`),
        `${call("POST /tasks/start", PLAIN)} on a2`,
        `${LIST} on a2`,
        `${DETAIL} on a2`,
      ]),
    ],
  },
  image: {
    create: [{ image: "ubuntu-22.04.qcow2" }, { image_name: "ubuntu-22.04.qcow2" }],
    required: true,
    steps: [changes({ image: "ubuntu-22.04.qcow2" }, replace({ image_name: "ubuntu-22.04.qcow2" }))],
  },
  os: {
    create: [windows, windowsBody],
    steps: [
      { ...sets({ os: "linux" }, []), same: true },
      changes(windows, replace(windowsBody)),
      removes(linux, replace({})),
    ],
  },
  bios: {
    create: [{ bios: "uefi" }, { bios_mode: "uefi" }],
    steps: [
      { ...sets({ bios: "legacy" }, []), same: true },
      changes({ bios: "uefi" }, replace({ bios_mode: "uefi" })),
      removes({ bios: undefined }, replace({})),
      sets({ bios: "pxe", dataDiskGib: undefined }, replace({ bios_mode: "pxe", disk_size: undefined })),
    ],
  },
  lan: {
    create: [{ lan: "office1" }, { network_name: "office1" }],
    steps: [
      sets({ lan: "office1" }, replace({ network_name: "office1" }, "POST /lan/office1")),
      changes({ lan: "office2" }, replace({ network_name: "office2" }, "POST /lan/office2")),
      removes({ lan: undefined }, replace({})),
    ],
  },
  multicast: {
    create: [{ multicast: group.one }, { multicast: group.one }],
    steps: [
      sets({ multicast: group.one }, replace({ multicast: group.one })),
      changes({ multicast: group.both }, replace({ multicast: group.both })),
      removes({ multicast: undefined }, replace({})),
    ],
  },
  dataFile: {
    create: [file("old.qcow2"), fileBody("old.qcow2")],
    steps: [
      sets(file("old.qcow2"), replace(fileBody("old.qcow2"))),
      changes(file("older.qcow2"), replace(fileBody("older.qcow2"))),
      removes({ dataFile: undefined, dataDiskGib: 10 }, replace({})),
    ],
  },
  interfaceModel: {
    create: [{ interfaceModel: "e1000" }, { interface_model_type: "e1000" }],
    steps: [
      { ...sets({ interfaceModel: "virtio" }, []), same: true },
      changes({ interfaceModel: "e1000" }, replace({ interface_model_type: "e1000" })),
      changes({ interfaceModel: "rtl8139" }, replace({ interface_model_type: "rtl8139" })),
      removes({ interfaceModel: undefined }, replace({})),
    ],
  },
} as const satisfies Readonly<Record<string, Row>>;
