import { bob, labNodes } from "../../simulator";
import { Lab } from "./lab";
import { post, Renter } from "./renter";

describe("answers that are not true", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.start();
  });
  afterEach(() => lab.close());

  test("bootdev says that there is no such client, and sets the device (h13)", async () => {
    const manager = new Renter("11".repeat(32));
    await lab.simulator.addNode({ id: manager.hex, role: "bare-metal", name: "metal" });
    const auth = manager.auth(undefined, manager.hex);
    const server = {
      uuid: "u-1",
      ip: "10.0.0.5",
      ipmi_hostname: "h",
      ipmi_username: "u",
      ipmi_password: "p",
    };
    await lab.ask("/bare_metal/add", { bare_metal_nodes: [server] }, { node: manager.hex, auth });
    const [machine] = lab.simulator.requireNode(manager.hex).servers;
    if (machine === undefined) throw new Error("the server was not added");
    machine.machineStatus = "rented";
    machine.rentals.push({
      id: lab.alice.address,
      renter: lab.alice.address,
      endBlock: 1e9,
      status: "renting",
      gpuIndexes: [],
    });
    await lab.seconds(60);
    const said = await lab.answer("/bare_metal/bootdev", { device: "pxe" }, { node: machine.nodeId });
    expect([said.errcode, said.message]).toEqual([-3, "bare metal client not existed"]);
    expect(machine.bootDevice).toBe("pxe");
  });

  test("an upload from the client node's own host says ok and uploads nothing (h13)", async () => {
    lab.simulator.world.client.files = ["/data/data/own.qcow2"];
    const upload = (name: string) =>
      post(
        lab.simulator,
        "/images/upload",
        JSON.stringify({ peer_nodes_list: [], additional: { image_server: "lab", image_filename: name } }),
      );
    expect((await upload("missing.qcow2")).message).toBe(
      "image_filename: /data//data/missing.qcow2 not exist",
    );
    expect((await upload("own.qcow2")).message).toBe("ok");
    await lab.seconds(3600);
    expect(lab.simulator.world.imageServers[0]?.images.map(({ name }) => name)).not.toContain("own.qcow2");
  });

  test("a LAN without members goes after three days, one with a member stays (h13)", async () => {
    expect(await lab.ask("/lan/create", { network_name: "empty1", ip_cidr: "10.1.0.0/24" })).toBe("ok");
    expect(await lab.ask("/lan/create", { network_name: "used01", ip_cidr: "10.2.0.0/24" })).toBe("ok");
    await lab.running({ network_name: "used01" });
    await lab.seconds(4 * 24 * 3600);
    expect(await lab.ask("/lan/empty1")).toBe("network name not exist");
    expect(await lab.ask("/lan/used01")).toMatchObject({ network_name: "used01" });
    expect(await lab.ask("/lan/delete/used01")).toBe(
      "network is in used, please delete task in the network first",
    );
  });

  test("a LAN is the room's: its name is taken on another node, and only its owner deletes it (h13)", async () => {
    await lab.ask("/lan/create", { network_name: "office1", ip_cidr: "10.1.0.0/24" });
    const other = { node: labNodes.bob, auth: new Renter("//Bob").auth() };
    expect(lab.simulator.world.lans[0]?.wallet).not.toBe(bob);
    expect(await lab.ask("/lan/create", { network_name: "office1", ip_cidr: "10.3.0.0/24" }, other)).toBe(
      "network name already existed",
    );
    const again = { node: labNodes.bob, auth: new Renter("//Bob").auth() };
    expect(await lab.ask("/lan/delete/office1", {}, again)).toBe(
      "wallet error, you are not the owner of the network",
    );
  });

  test("the usual interface model is refused when it is said (h13)", async () => {
    expect(await lab.create({ interface_model_type: "virtio" })).toBe("invalid interface model type");
    const id = await lab.running();
    expect(await lab.ask(`/tasks/${id}`)).toMatchObject({ interface: [{ type: "virtio" }] });
  });

  test("ports for tcp/udp are taken and never opened (h13)", async () => {
    const id = await lab.running({
      custom_port: ["tcp/udp,80", "tcp,443", "udp,5000-5010:6000-6010", "tcp,x"],
    });
    const world = (await (await fetch(`${lab.simulator.controlUrl}/world`)).json()) as {
      nodes: { tasks: { id: string; openedPorts: string[]; customPorts: string[] }[] }[];
    };
    const task = world.nodes.flatMap(({ tasks }) => tasks).find((each) => each.id === id);
    expect(task?.customPorts).toHaveLength(4);
    expect(task?.openedPorts).toEqual(["tcp 443 to 443", "udp 5000-5010 to 6000-6010"]);
  });

  test("the VNC password is cut to eight characters by newer libvirts alone (h12)", async () => {
    const password = async () => lab.ask(`/tasks/${await lab.running({ ssh_port: "1", vnc_port: "6001" })}`);
    const cut = await password();
    expect(cut?.vnc_password).toBe(`${cut?.login_password}`.slice(0, 8));
    await lab.simulator.endRental(lab.node);
    const old = {
      id: "f0".repeat(32),
      libvirtMajor: 6,
      images: ["ubuntu.qcow2"],
      rentals: [{ renter: lab.alice.address }],
    };
    await lab.simulator.addNode(old);
    await lab.seconds(60);
    const id = await lab.create({}, { node: old.id });
    await lab.seconds(5);
    const whole = await lab.ask(`/tasks/${id}`, {}, { node: old.id });
    expect(whole?.vnc_password).toBe(whole?.login_password);
  });
});
