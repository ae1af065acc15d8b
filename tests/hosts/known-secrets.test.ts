/** The last barrier: what a resource's own properties hold as secrets is in no text about it. */
import { inspect } from "node:util";
import type { Values } from "../../provider/core/check";
import { UserError } from "../../provider/core/errors";
import { hiddenOf } from "../../provider/core/lifecycle";
import { type Definition, PartialState, type Shape } from "../../provider/core/resource";
import { toDynamic } from "../../provider/hosts/dynamic";
import { hideSecretsOf } from "../../provider/hosts/known-secrets";
import { vm } from "../../provider/resources/vm";

const PASSWORD = "Gen3rated-by-the-node";
const VNC = "vncVNC42";

/** A VM's definition whose every step ends in `error`, and which needs no site. */
const failing = (error: unknown) => {
  const fail = () => Promise.reject(error);
  const definition = { ...vm, create: fail, update: fail, delete: fail, read: fail } as unknown as Definition<
    Shape,
    never
  >;
  return toDynamic(() => definition, false);
};

const state: Values = {
  __schema: 1,
  __provider: "text",
  password: PASSWORD,
  vncPassword: VNC,
  status: "running",
};

const errorOf = async (work: Promise<unknown> | undefined): Promise<Error> => {
  const error: unknown = await work?.catch((reason: unknown) => reason);
  if (error instanceof Error) return error;
  throw new Error("it did not fail");
};

test.each([
  ["as it is", PASSWORD],
  ["in base64", Buffer.from(`x${PASSWORD}`).toString("base64")],
  ["in hex", Buffer.from(PASSWORD).toString("hex")],
])("a password that only the state knows, said %s by a node, does not leave", async (_name, said) => {
  const { delete: remove, read, update } = failing(new UserError(`the node said "${said} and ${VNC}"`));
  for (const error of [
    await errorOf(remove?.("id", { ...state })),
    await errorOf(read?.("id", { ...state })),
    await errorOf(update?.("id", { ...state }, { ...state, cpuCores: 4 })),
  ]) {
    expect(error.message).toMatch(/^the node said ".*\[secret\].* and \[secret\]"$/);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(said);
  }
});

test("what is recorded of an unfinished create keeps its secrets where they are encrypted, and nowhere else", async () => {
  const partial = new PartialState("id", { password: PASSWORD }, `the node said "${PASSWORD}"`);
  const error = await errorOf(failing(partial).create({ __provider: "text" }));
  expect(error).toMatchObject({ message: 'the node said "[secret]"', reasons: ['the node said "[secret]"'] });
  expect(error).toMatchObject({ id: "id", properties: { password: PASSWORD, __provider: "text" } });
});

test("user names and short words stay readable", () => {
  const hide = hideSecretsOf("Vm", { login: { username: "ubuntu-user", password: "dbc" } });
  expect(hide("user ubuntu-user of dbc")).toBe("user ubuntu-user of dbc");
});

test("of an address that holds a key, the key alone is taken out too", () => {
  const hide = hideSecretsOf("ContainerTask", {
    portUrls: [{ port: 22, url: "https://bob:0pen%2Fsesame@host.invalid/lab?token=abcdef0123456789" }],
  });
  expect(hide("abcdef0123456789 and 0pen/sesame at host.invalid")).toBe(
    "[secret] and [secret] at host.invalid",
  );
});

test("what the user marked as secret is taken out too, whatever it is, and still when it is deleted", async () => {
  const marked = { description: "phone 13800001111", __secret: ["description"], __provider: "text" };
  const {
    create,
    update,
    delete: remove,
  } = failing(new UserError('the node said "phone 13800001111 is bad"'));
  for (const error of [
    await errorOf(create(marked)),
    await errorOf(update?.("id", { ...state }, { ...marked, cpuCores: 4 })),
    await errorOf(remove?.("id", marked)),
  ])
    expect(error.message).toBe('the node said "[secret] is bad"');
  expect(hiddenOf(marked)).toEqual({ __secret: ["description"] });
});
