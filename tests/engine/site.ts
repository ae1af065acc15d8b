import { developmentPhrase, type Simulator } from "../../simulator";

/** The environment of a program that works as //Alice on a simulated site whose clock runs `speed` times as fast. */
export const aliceAt = ({ url }: Simulator, speed: number): Readonly<Record<string, string>> => ({
  DBC_ENDPOINT: url,
  DBC_WALLET_SEED: `${developmentPhrase}//Alice`,
  DBC_CLOCK_SPEED: String(speed),
});
