import { readInterconnectSettings } from "../../provider/hosts/interconnect-settings";
import { EXPLICIT } from "../../provider/kinds";

const read = (config: Record<string, string>, env: Record<string, string> = {}) =>
  readInterconnectSettings({ config: (key) => config[key], env });

test("come from the environment before the stack, and from an explicit provider before both", () => {
  const config = { "dbc:interconnectEndpoint": "https://a", "dbc:interconnectToken": "stack" };
  const env = { DBC_INTERCONNECT_TOKEN: "env" };
  expect(read(config)).toEqual({
    endpoint: "https://a",
    token: "stack",
    paths: {},
    allowInsecureHttp: false,
  });
  expect(read(config, env)).toMatchObject({ endpoint: "https://a", token: "env" });
  expect(read({ ...config, [EXPLICIT]: "true" }, env)).toMatchObject({ token: "stack" });
});

test("hold paths as JSON, and consent to plain http", () => {
  const env = {
    DBC_INTERCONNECT_ENDPOINT: "http://a",
    DBC_INTERCONNECT_PATHS: '{"taskPath": "/x/"}',
    DBC_ALLOW_INSECURE_HTTP: "1",
  };
  expect(read({}, env)).toEqual({
    endpoint: "http://a",
    token: undefined,
    paths: { taskPath: "/x/" },
    allowInsecureHttp: true,
  });
  expect(() => read({}, { ...env, DBC_INTERCONNECT_PATHS: "taskPath=/x/" })).toThrow(
    'DBC_INTERCONNECT_PATHS (dbc:interconnectPaths) must be JSON of the form {"<endpoint>": "/path"}.',
  );
});

test("say what is missing", () => {
  expect(() => read({})).toThrow(
    "DBC_INTERCONNECT_ENDPOINT (dbc:interconnectEndpoint) is missing: set it to the address of the interconnection platform.",
  );
});
