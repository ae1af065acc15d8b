import { BODY, RawPlatform } from "./raw";

let platform: RawPlatform;
beforeEach(async () => {
  platform = await RawPlatform.start();
});
afterEach(() => platform.close());

const create = (body: unknown) => platform.call("POST", "/instance-service/task", { body });
const without = (name: string) => Object.fromEntries(Object.entries(BODY).filter(([key]) => key !== name));

describe("create", () => {
  test.each(Object.keys(BODY).filter((name) => name !== "containerPortInfoList"))(
    "wants %s",
    async (name) => {
      expect((await create(without(name))).body).toMatchObject({
        code: "10003",
        msg: `parameter ${name} is missing`,
      });
      expect((await create({ ...BODY, [name]: { odd: true } })).body).toMatchObject({ code: "10004" });
    },
  );

  test.each([
    ["a port that is no number", { containerPortInfoList: [{ containerPort: "x", protocolType: "HTTP" }] }],
    ["a protocol in small letters", { containerPortInfoList: [{ containerPort: 80, protocolType: "http" }] }],
    ["a limit without hours", { timeoutLimit: "10:00" }],
    ["a script without a line end", { useStartScript: true, startScriptContent: "ls" }],
    ["a version that is not the image's", { version: "other:1" }],
  ])("refuses %s with 10004", async (_what, change) => {
    expect((await create({ ...BODY, ...change })).body).toMatchObject({ code: "10004" });
  });

  test("wants a script where it is to be used", async () => {
    expect((await create({ ...BODY, useStartScript: true })).body).toMatchObject({ code: "10003" });
  });

  test.each([
    ["group", { resourceGroup: "nowhere" }],
    ["image", { imagePath: "h/absent:1", version: "absent:1" }],
    ["directory", { mountInfoList: [{ sourcePath: "/root", targetPath: "/x", type: "path" }] }],
    ["size", { gpuNumber: 5 }],
  ])("refuses a foreign %s with 716865, or 10004 where that is the site's way", async (_what, change) => {
    expect((await create({ ...BODY, ...change })).body).toMatchObject({ code: "716865", data: null });
    platform.simulator.world.switches.refusalCode = "10004";
    expect((await create({ ...BODY, ...change })).body).toMatchObject({ code: "10004" });
  });

  test("takes ports as numbers and as text, tells them as text, and makes two of two equal orders", async () => {
    const ids = [
      await platform.create(),
      await platform.create({ containerPortInfoList: [{ containerPort: "18888", protocolType: "HTTP" }] }),
    ];
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{32}$/);
      expect((await platform.detail(id)).containerPortInfoList).toEqual([
        { accessUrl: null, containerPort: "18888", protocolType: "HTTP" },
      ]);
    }
    expect(new Set(ids).size).toBe(2);
  });
});
