import { RemoteError } from "../../provider/core/errors";
import { soon } from "../../provider/core/soon";
import { VirtualClock } from "../../simulator";

test("an answer that comes soon is the answer", async () => {
  const clock = new VirtualClock();
  const question = clock.sleep(4_999).then(() => "yes");
  expect(await clock.runUntil(soon(clock, question), 60_000)).toBe("yes");
});

test("one that takes longer is not waited for", async () => {
  const clock = new VirtualClock();
  const question = clock.sleep(5_001).then(() => "late");
  expect(await clock.runUntil(soon(clock, question), 60_000)).toBeUndefined();
  expect(clock.now()).toBe(5_000);
});

test("what the remote system says against it is for later; a fault of ours is not", async () => {
  const clock = new VirtualClock();
  const refused = Promise.reject(new RemoteError("unavailable", "could not ask"));
  expect(await soon(clock, refused)).toBeUndefined();
  await expect(soon(clock, Promise.reject(new Error("ours")))).rejects.toThrow("ours");
});
