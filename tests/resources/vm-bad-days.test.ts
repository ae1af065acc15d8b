/** Bad days: each ends in one exact sentence that names the thing and the remedy; nothing is half-done or lost. */
import { vm } from "../../provider/resources/vm";
import { ALICE, BOB, Lab, NODE, type Recorded } from "./lab";
import { args, KEY, others, sentenceOf, world } from "./vm-args";

let lab: Lab;
let made: Recorded;
beforeEach(async () => {
  lab = await Lab.open();
  made = await lab.create(vm, args());
});
afterEach(() => lab.close());

const NOWHERE = "http://127.0.0.1:9";
const SESSION = `could not get a session of node a1a1a1a1…: `;
const ANOTHER = `VM ${KEY} on node a1a1a1a1… was recorded through another account than the one in use now: what this one sees says nothing about it; use the credentials that it was made with.`;
const BAD_SESSION =
  'could not list the VMs of node a1a1a1a1…: the node said "check authority failed: session_id is invalid"; check that session id and signature belong together, to this node and to the present renter\'s wallet';
const REFUSED = `${SESSION}no DBC client answers at ${NOWHERE} (the connection was refused); `;
const NO_TIME = `${SESSION}the client node at <url> said "get session_id timeout"; the node is slow or off line: check that its machine is up, then try again`;
const UNPARSABLE =
  'could not list the VMs of node a1a1a1a1…: the client node at <url> said "response parse error"; one of its VMs has a description that breaks the node\'s JSON (a quote, a backslash or a line break): remove that VM with the tool that made it';

interface Day {
  readonly name: string;
  readonly begins: () => Promise<void> | void;
  /** What a create, a refresh, a change and a delete say. */
  readonly says: string;
  /** Where it differs for those that concern a VM that is there. */
  readonly saysOfOurs?: string;
}

const session = (sessionId: string, sessionSign: string) =>
  ({ kind: "session", sessions: { "*": { sessionId, sessionSign } } }) as const;

const DAYS: readonly Day[] = [
  {
    name: "no client node at the address that was set",
    begins: () => lab.restart(ALICE, { endpoint: NOWHERE }),
    says: `${REFUSED}check that DBC_ENDPOINT or dbc:endpoint is the address of a DBC client`,
  },
  {
    name: "no client node, and no address was set",
    begins: () => lab.restart(ALICE, { endpoint: NOWHERE, isDefault: true }),
    says: `${REFUSED}this is the DBC client's default address, taken because none is set: start the DBC client there, or set DBC_ENDPOINT or dbc:endpoint`,
  },
  {
    name: "a session that the node never gave",
    begins: () => lab.restart(session("nosuchsession", "00".repeat(64))),
    says: BAD_SESSION,
    saysOfOurs: ANOTHER,
  },
  {
    name: "a session with the signature of another",
    begins: async () => {
      const { sessionId } = await lab.run(lab.site.client.session(NODE));
      lab.restart(session(sessionId, "00".repeat(64)));
    },
    says: BAD_SESSION,
  },
  {
    name: "the wallet of somebody who does not rent the machine",
    begins: () => lab.restart(BOB),
    says: `${SESSION}the node said "check authority failed: wallet not rented"; the machine is rented, but not by this account: check nodeId and the wallet, or rent it again`,
  },
  {
    name: "no credentials at all",
    begins: () => lab.restart({ kind: "session", sessions: {} }),
    says: "could not sign in to node a1a1a1a1…: no session is given for it; give DBC_SESSION_ID and DBC_SESSION_SIGN, or DBC_WALLET_SEED, or the same as dbc: config secrets",
  },
  {
    name: "a seed that is none",
    begins: () => lab.restart({ kind: "wallet", seed: "correct horse battery staple" }),
    says: "could not use the wallet: its seed must be 64 hexadecimal digits or a mnemonic of 12 to 24 words, either with a derivation path such as //name if it has one",
  },
  {
    name: "a node that has just gone off line",
    begins: async () => {
      await lab.simulator.setLink(NODE, "offline");
      lab.restart(ALICE);
    },
    says: NO_TIME,
  },
  {
    name: "a node that is long off line",
    begins: async () => {
      await lab.simulator.setLink(NODE, "offline");
      await lab.simulator.advance(600_000);
      lab.restart(ALICE);
    },
    says: `${SESSION}the client node at <url> said "create node request failed"; the client node doesn't know this node: check nodeId and that the machine is on line; a client node that was just started needs a few minutes`,
  },
  {
    name: "a node that can't reach the chain",
    begins: () => {
      lab.simulator.arm({ kind: "chain-unreachable", times: null });
      lab.restart(ALICE);
    },
    says: `${SESSION}the node said "check authority failed: query machine_status failed"; the node can't reach the chain; try again in a minute`,
  },
  {
    name: "a foreign VM whose description breaks the node's JSON",
    begins: async () => {
      await lab.simulator.setTask(NODE, KEY, { description: 'say "hi"' });
      lab.restart(ALICE);
    },
    says: UNPARSABLE,
  },
];

describe("is told, and nothing is done or lost:", () => {
  test.each(DAYS.map((day) => [day.name, day] as const))("%s", async (_, { begins, says, saysOfOurs }) => {
    await begins();
    const [before, requests] = [world(lab), lab.simulator.requests.length];
    const attempts = [
      () => lab.create(vm, others()),
      () => lab.refresh(vm, made),
      () => lab.update(vm, made, args({ sshPort: 20_023 })),
      () => lab.delete(vm, { ...made, state: { ...made.state, timeouts: { delete: "1m" } } }),
    ];
    const said: string[] = [];
    for (const attempt of attempts) {
      said.push(await sentenceOf(lab, attempt()));
      // a node that has let its time run out is left alone for a while
      await lab.simulator.advance(30_000);
    }
    const ours = saysOfOurs ?? says;
    const [created, read, changed, deleted = ""] = said;
    expect([created, read, changed]).toEqual([says, ours, ours]);
    const gaveUp = `gave up deleting VM ${KEY} on node a1a1a1a1… after `;
    if (!deleted.startsWith(gaveUp)) expect(deleted).toBe(ours);
    else expect(deleted).toMatch(new RegExp(`; it stays in the state; last seen: ${escaped(ours)}$`));
    expect(world(lab)).toEqual(before);
    expect(lab.simulator.requests.slice(requests).filter(({ write }) => write)).toEqual([]);
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
