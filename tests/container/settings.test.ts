import { readContainerSettings } from "../../provider/hosts/container-settings";
import { EXPLICIT } from "../../provider/kinds";

type Given = Readonly<Record<string, string>>;
const read = (env: Given, config: Given = {}) => readContainerSettings({ config: (key) => config[key], env });

const KEYS = {
  DBC_CONTAINER_USER: "bob",
  DBC_CONTAINER_ACCESS_KEY: "canary-access",
  DBC_CONTAINER_SECRET_KEY: "canary-secret",
};

test("without any, the public platform, and nobody", () => {
  expect(read({})).toEqual({
    loginEndpoint: "https://api.scnet.cn",
    endpoint: "https://www.scnet.cn",
    serviceUrl: undefined,
    region: undefined,
    paths: {},
    allowInsecureHttp: false,
    credentials: undefined,
  });
});

test("each has its variable and its configuration key", () => {
  const wanted = {
    loginEndpoint: "https://a.example",
    endpoint: "https://b.example",
    serviceUrl: "https://c.example/ai",
    region: "7",
    paths: { list: "/x" },
    allowInsecureHttp: true,
    credentials: { kind: "token", token: "t" },
  };
  const env = {
    DBC_CONTAINER_LOGIN_ENDPOINT: "https://a.example",
    DBC_CONTAINER_ENDPOINT: "https://b.example",
    DBC_CONTAINER_URL: "https://c.example/ai",
    DBC_CONTAINER_REGION: "7",
    DBC_CONTAINER_PATHS: '{"list":"/x"}',
    DBC_ALLOW_INSECURE_HTTP: "1",
    DBC_CONTAINER_TOKEN: "t",
  };
  expect(read(env)).toEqual(wanted);
  const config = {
    "dbc:containerLoginEndpoint": "https://a.example",
    "dbc:containerEndpoint": "https://b.example",
    "dbc:containerUrl": "https://c.example/ai",
    "dbc:containerRegion": "7",
    "dbc:containerPaths": '{"list":"/x"}',
    "dbc:allowInsecureHttp": "true",
    "dbc:containerToken": "t",
  };
  expect(read({}, config)).toEqual(wanted);
});

test("credentials: keys, password, or a token", () => {
  expect(read(KEYS).credentials).toEqual({
    kind: "accessKey",
    user: "bob",
    accessKey: "canary-access",
    secretKey: "canary-secret",
  });
  const password = { DBC_CONTAINER_USER: "bob", DBC_CONTAINER_PASSWORD: "p", DBC_CONTAINER_ORG_ID: "o" };
  expect(read(password).credentials).toEqual({ kind: "password", user: "bob", password: "p", orgId: "o" });
});

test("the environment comes before the configuration, but after an explicit provider's own; ways are never mixed", () => {
  const config = { "dbc:containerToken": "from-config", "dbc:containerUser": "eve" };
  expect(read(KEYS, config).credentials).toMatchObject({ kind: "accessKey", user: "bob" });
  expect(read(KEYS, { ...config, [EXPLICIT]: "true" }).credentials).toEqual({
    kind: "token",
    token: "from-config",
  });
});

test.each<[string, Given, string]>([
  [
    "two ways at once",
    { ...KEYS, DBC_CONTAINER_TOKEN: "canary-token" },
    "a container token, an access key and a password are given at once: keep one of DBC_CONTAINER_TOKEN, DBC_CONTAINER_ACCESS_KEY and DBC_CONTAINER_PASSWORD.",
  ],
  [
    "a key without its secret",
    { DBC_CONTAINER_USER: "bob", DBC_CONTAINER_ACCESS_KEY: "canary-access" },
    "DBC_CONTAINER_SECRET_KEY (dbc:containerSecretKey) is missing: containerAccessKey needs it.",
  ],
  [
    "a key of nobody",
    { DBC_CONTAINER_ACCESS_KEY: "canary-access", DBC_CONTAINER_SECRET_KEY: "canary-secret" },
    "DBC_CONTAINER_USER (dbc:containerUser) is missing: containerAccessKey needs it.",
  ],
  [
    "a password without organisation",
    { DBC_CONTAINER_USER: "bob", DBC_CONTAINER_PASSWORD: "canary-password" },
    "DBC_CONTAINER_ORG_ID (dbc:containerOrgId) is missing: containerPassword needs it.",
  ],
  [
    "paths that are no JSON",
    { DBC_CONTAINER_PATHS: "list=/x" },
    'DBC_CONTAINER_PATHS (dbc:containerPaths) must be JSON of the form {"<endpoint>": "/path"}.',
  ],
])("%s: one sentence, without a value", (_what, env, message) => {
  expect(() => read(env)).toThrow(message);
  expect(() => read(env)).not.toThrow("canary");
});
