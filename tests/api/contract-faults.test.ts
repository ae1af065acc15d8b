/** What becomes of each call on a bad day, over real HTTP: both families of errors, and broken exchanges. */
import { RemoteError } from "../../provider/core/errors";
import type { FaultOrder } from "../../simulator";
import { ContractLab, ROWS } from "./contract-lab";
import { type Contract, KEY } from "./contract-row";

let lab: ContractLab;
beforeEach(async () => {
  lab = await ContractLab.open();
});
afterEach(() => lab.lab.close());

const failureOf = async (row: Contract, args = row.args): Promise<RemoteError> => {
  const error: unknown = await lab.call(row.method, args).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RemoteError) return error;
  throw error ?? new Error(`${row.method} did not fail`);
};

/** What may have been done is of unknown outcome; what only asks is merely unavailable. */
const unsure = ({ write }: Contract) => (write ? "unknown" : "unavailable");

const DAYS: readonly (readonly [fault: FaultOrder, outcome: (row: Contract) => string])[] = [
  // the client node's own words
  [{ kind: "unknown-node" }, () => "unavailable"],
  [
    { kind: "http-error", code: 400, message: "wallet_sign and multisig_wallets all invalid" },
    () => "unauthorised",
  ],
  [{ kind: "http-error", code: 400, message: "something new" }, unsure],
  [{ kind: "http-error", code: 500, message: "response parse error" }, unsure],
  [{ kind: "http-error", code: 503, message: "going away" }, unsure],
  [{ kind: "timeout" }, unsure],
  [{ kind: "late-effect" }, unsure],
  // the node's
  [
    { kind: "refusal", code: -3, message: "check authority failed: machine is not be rented" },
    () => "rental-over",
  ],
  [
    { kind: "refusal", code: -3, message: "check authority failed: nonce check failed" },
    () => "unauthorised",
  ],
  [
    { kind: "refusal", code: -3, message: "check authority failed: query machine_status failed" },
    () => "unavailable",
  ],
  [
    { kind: "refusal", code: -3, message: "start task failed, please try again in a minute" },
    () => "unavailable",
  ],
  [{ kind: "refusal", code: 1, message: "task is running" }, () => "refused"],
  [{ kind: "refusal", code: 1, message: "something that no node ever said" }, unsure],
  // nobody's
  [{ kind: "lost-answer" }, unsure],
  [{ kind: "cut-answer" }, unsure],
  [{ kind: "broken-json" }, unsure],
  [{ kind: "html-body" }, unsure],
  [{ kind: "wrong-shape" }, unsure],
  [{ kind: "redirect" }, () => "refused"],
];

describe("on a bad day, the outcome of", () => {
  test.each(ROWS)(
    "%s",
    async (_, row) => {
      for (const [fault, outcome] of DAYS) {
        lab.renew();
        lab.left.length = 0;
        const id = lab.lab.simulator.arm({ ...fault, operation: row.operation, times: null });
        const error = await failureOf(row);
        lab.lab.simulator.disarm(id);
        expect([fault, error.outcome]).toEqual([fault, outcome(row)]);
        // only a read whose connection broke is sent again
        expect(lab.left.length).toBe(
          row.write || (fault.kind !== "lost-answer" && fault.kind !== "cut-answer") ? 1 : 3,
        );
        expect(error.message).toMatch(
          row.write && error.outcome === "unknown" ? /^could not learn whether the order to / : /^could not /,
        );
        expect(error.message).not.toContain(lab.session.sessionId);
        expect(error.message).not.toContain(lab.session.sessionSign);
      }
    },
    120_000,
  );

  test.each(ROWS.filter(([, { path }]) => path.includes(KEY)))(
    "%s for a VM that is not there",
    async (_, row) => {
      const nobody = "pd1nobodynobodynobodyn";
      const args = row.args.map((arg) => (arg === KEY ? nobody : arg));
      // the one call that has nothing to say about it
      if (row.method === "listSnapshots") return expect(await lab.call(row.method, args)).toEqual([]);
      expect((await failureOf(row, args)).outcome).toBe("not-found");
    },
  );
});

/** Values that end the client node's process, reach another endpoint, or are read as something else. */
const HOSTILE: readonly unknown[] = [
  null,
  5,
  -1,
  1.5,
  Number.NaN,
  true,
  {},
  [],
  [[]],
  "",
  " ",
  "../images/delete",
  "a/b",
  "a?force_reboot=true",
  "a%2Fb",
  'a"b',
  "a\\b",
  "a\nb",
  "a\u0000b",
  "\ud800",
  "x".repeat(600),
  Number.MAX_SAFE_INTEGER,
];

/** A row's arguments, once for each place in them and each hostile value. */
const spoiled = ({ args }: Contract): { readonly place: string; readonly args: readonly unknown[] }[] =>
  args.flatMap((arg, index) => {
    const put = (place: string, value: unknown) => ({ place, args: args.with(index, value) });
    if (typeof arg !== "object" || arg === null) return HOSTILE.map((value) => put(`[${index}]`, value));
    return Object.entries(arg).flatMap(([name, good]) =>
      HOSTILE.flatMap((value) => [
        put(name, { ...arg, [name]: value }),
        ...(Array.isArray(good) ? [put(`${name}[0]`, { ...arg, [name]: [value] })] : []),
      ]),
    );
  });

/** Texts anywhere in a value. */
const textsOf = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
};

/** Whether a path leads to the same endpoint. */
const isLike = (path: string, usual: string): boolean => {
  const [[place = "", ...query], [known = ""]] = [path.split("?"), usual.split("?")];
  const isQuery =
    query.length === 0 || /^(force_reboot=true|flag=(head|tail)&line_num=\d+)$/.test(query.join("?"));
  return isQuery && place.split("/").length === known.split("/").length && /^[\w./-]+$/.test(place);
};

/** What is wrong with a request that left although a part of it was spoiled. */
const faultsOf = (row: Contract): unknown[] => {
  const { world } = lab.lab.simulator;
  const [{ url, body } = { url: "", body: "{}" }] = lab.left;
  const path = url.replace(`${lab.lab.simulator.url}/api/v1`, "");
  const sent = JSON.parse(body) as { readonly additional: Readonly<Record<string, unknown>> };
  const isRead = (name: string, value: unknown): boolean =>
    typeof value === "string" ||
    (name === "size" && Number.isInteger(value) && Number(value) > 0) ||
    (Array.isArray(value) && value.every((item) => typeof item === "string"));
  return [
    ...(isLike(path, row.path) ? [] : [path]),
    ...Object.entries(sent.additional).filter(([name, value]) => !isRead(name, value)),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the purpose
    ...textsOf(sent).filter((text) => /["\\\u0000-\u001f]/.test(text) || !text.isWellFormed()),
    ...(world.client.alive ? [] : ["the client node has died"]),
    ...Object.values(world.nodes).filter(({ link }) => link !== "online"),
  ];
};

test("nothing malformed leaves, wherever it stands in whichever call", async () => {
  let [tried, left] = [0, 0];
  for (const [, row] of ROWS)
    for (const { place, args } of spoiled(row)) {
      lab.left.length = 0;
      const error: unknown = await lab.call(row.method, args).catch((reason: unknown) => reason);
      tried += 1;
      const refused = expect.objectContaining({ name: "RemoteError", outcome: "not-sent" });
      if (lab.left.length === 0) expect([row.method, place, error]).toEqual([row.method, place, refused]);
      else {
        left += 1;
        expect([row.method, place, args, faultsOf(row)]).toEqual([row.method, place, args, []]);
      }
    }
  // free texts are cleaned and some numbers are good ones: few, and harmless
  expect(tried).toBeGreaterThan(2_000);
  expect(left).toBeLessThan(tried / 10);
}, 120_000);
