import { base58Check } from "../base58check";
import { isSignedBy, multisigAccount } from "../signature";
import { isRenting, orderOf, refreshOrder, rentalNow, statusNow } from "../world/chain";
import type { MachineStatus, NodeState, Rental } from "../world/node";
import { noncesOf } from "../world/world";
import type { Credentials } from "./request";
import type { Site } from "./site";

export type Role = "wallet" | "session" | "verifier";

export interface Authority {
  readonly success: boolean;
  readonly reason: string;
  readonly wallet: string;
  readonly role: Role | undefined;
}

/** The machine that rights are asked for: the node itself, or one of its bare-metal servers. */
interface Machine {
  machineStatus: MachineStatus;
  rentals: Rental[];
}

function failed(reason: string): Authority {
  return { success: false, reason, wallet: "", role: undefined };
}

/** Who a request comes from and whether he may (reference a.3). */
export function checkAuthority(
  site: Site,
  credentials: Credentials,
  machine: Machine = site.node,
): Authority {
  const { node, engine } = site;
  const status = statusNow(engine.world, machine, site.now);
  if (status !== "unknown") updateOrder(site, machine, credentials.rentOrder);
  switch (status) {
    case "unknown":
      return failed("query machine_status failed");
    case "verifying":
      return checkVerifier(site, credentials);
    case "online":
      removeVerifierTasks(node);
      return failed("machine is not be rented");
    case "rented":
      removeVerifierTasks(node);
      return checkRenter(site, credentials);
  }
}

/** The node looks the order up on the chain before it judges: by number, or the renter of the whole machine. */
export function updateOrder(site: Site, machine: Machine, rentOrder: string): void {
  const { world } = site.engine;
  const found =
    rentOrder === ""
      ? machine.rentals.find((rental) => rental.id === rental.renter)
      : machine.rentals.find((rental) => rental.id === rentOrder && rental.id !== rental.renter);
  if (found !== undefined) refreshOrder(site.node.orders, rentalNow(world, found, site.now));
}

function checkVerifier(site: Site, credentials: Credentials): Authority {
  const { wallet, multisig } = provenWallets(site, credentials);
  if (wallet === "" && multisig === "") return failed("nonce check failed");
  const verifier = [multisig, wallet].find((name) => name !== "" && site.node.verifiers.includes(name));
  return verifier === undefined
    ? failed("not in verify time")
    : { success: true, reason: "", wallet: verifier, role: "verifier" };
}

function checkRenter(site: Site, credentials: Credentials): Authority {
  const { node } = site;
  const { rentOrder } = credentials;
  const owner = sessionOwner(node, credentials);
  if (owner !== "") {
    return isRenting(orderOf(node.orders, rentOrder, owner))
      ? { success: true, reason: "", wallet: owner, role: "session" }
      : failed("machine has already expired");
  }
  const { wallet, multisig } = provenWallets(site, credentials);
  if (wallet === "" && multisig === "") {
    const withSession = credentials.sessionId !== "" && credentials.sessionSign !== "";
    return failed(withSession ? "session_id is invalid" : "nonce check failed");
  }
  for (const [name, signers] of [
    [multisig, [...credentials.multisig.wallets]],
    [wallet, []],
  ] as const) {
    if (name === "" || !isRenting(orderOf(node.orders, rentOrder, name))) continue;
    node.sessions[name] ??= { id: base58Check(site.engine.dice.uuid()), signers: [...signers] };
    return { success: true, reason: "", wallet: name, role: "wallet" };
  }
  return failed("wallet not rented");
}

/** The wallet whose session this is; the renter signs the id, of a multisignature any member (reference a.5). */
function sessionOwner(node: NodeState, { sessionId, sessionSign }: Credentials): string {
  if (sessionId === "" || sessionSign === "") return "";
  for (const [wallet, session] of Object.entries(node.sessions)) {
    if (session.id !== sessionId) continue;
    if ([wallet, ...session.signers].some((signer) => isSignedBy(sessionSign, sessionId, signer)))
      return wallet;
  }
  return "";
}

/** The wallets that the signatures prove; a nonce counts once per node, and only after a good signature. */
function provenWallets(site: Site, credentials: Credentials): { wallet: string; multisig: string } {
  const single = isFreshlySigned(site, credentials) ? credentials.wallet : "";
  return { wallet: single, multisig: provenMultisig(site, credentials) };
}

export function isFreshlySigned(
  site: Site,
  proof: { readonly wallet: string; readonly nonce: string; readonly sign: string },
): boolean {
  if (proof.wallet === "" || proof.nonce === "" || proof.sign === "") return false;
  if (!isSignedBy(proof.sign, proof.nonce, proof.wallet)) return false;
  return !noncesOf(site.engine.world, site.node.id).contains(proof.nonce);
}

function provenMultisig(site: Site, { multisig }: Credentials): string {
  const { wallets, threshold, signs } = multisig;
  if (wallets.length === 0 || signs.length === 0 || threshold <= 0) return "";
  if (threshold > wallets.length || threshold > signs.length) return "";
  for (const proof of signs) if (!wallets.includes(proof.wallet) || !isFreshlySigned(site, proof)) return "";
  return multisigAccount(wallets, threshold) ?? "";
}

/** Machines of the chain's verifiers go as soon as the verification is over. */
function removeVerifierTasks(node: NodeState): void {
  for (const id of Object.keys(node.tasks)) {
    if (!id.includes("vm_check_")) continue;
    delete node.tasks[id];
    for (const list of Object.values(node.walletTasks))
      if (list.includes(id)) list.splice(list.indexOf(id), 1);
  }
}
