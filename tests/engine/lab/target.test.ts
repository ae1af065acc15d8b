import { join } from "node:path";
import { temporaryFolder } from "../temporary";
import { LabFolder } from "./folder";
import { chooseTarget } from "./target";

const folder = new LabFolder(join(temporaryFolder(), "lab"));
const choose = (env: NodeJS.ProcessEnv) => chooseTarget(env, folder, "dist");

test("the simulator, unless an endpoint is set", () => {
  expect(choose({})).toMatchObject({ kind: "simulator", stack: "simulator" });
  expect(choose({ DBC_ENDPOINT: "" })).toMatchObject({ kind: "simulator" });
});

test("the simulator, in a shell that has sourced its .lab/env", () => {
  const DBC_ENDPOINT = "http://127.0.0.1:40001";
  expect(choose({ DBC_ENDPOINT, DBC_LAB: DBC_ENDPOINT })).toMatchObject({ kind: "simulator" });
  expect(choose({ DBC_ENDPOINT, DBC_LAB: "http://127.0.0.1:40002" })).toMatchObject({ kind: "node" });
});

test("every endpoint has a stack of its own, and only its address is written down", () => {
  const target = choose({ DBC_ENDPOINT: "https://dbc.example:8443/api", DBC_WALLET_SEED: "secret" });
  expect(target).toMatchObject({ kind: "node", stack: "real-dbc.example-8443" });
  expect(target.variables).toEqual({ DBC_ENDPOINT: "https://dbc.example:8443/api" });
  expect(choose({ DBC_ENDPOINT: "http://[::1]:5002" }).stack).toBe("real--1-5002");
});

test.each(["fast", "0", "-1", "1e9", "NaN"])("SPEED=%s is refused", (SPEED) => {
  expect(() => choose({ SPEED })).toThrow(`SPEED is ${SPEED}`);
});

test("an endpoint that is no URL is refused", () => {
  expect(() => choose({ DBC_ENDPOINT: "nope" })).toThrow("it must be a URL");
});
