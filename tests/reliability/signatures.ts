/**
 * To be imported first. Makes each signature once: thousands of lives from one seed sign the same texts, and signing
 * would be most of what they do. The simulator verifies them as always.
 */
import type { Signer } from "../../provider/api/dbc/signature";

const PATH = "../../provider/api/dbc/signature";

jest.doMock(PATH, () => {
  const real = jest.requireActual<typeof import("../../provider/api/dbc/signature")>(PATH);
  const signers = new Map<string, Promise<Signer>>();
  const remembering = async (seed: string): Promise<Signer> => {
    const { address, sign } = await real.createSigner(seed);
    const known = new Map<string, string>();
    return {
      address,
      sign: (text) => {
        const signature = known.get(text) ?? sign(text);
        known.set(text, signature);
        return signature;
      },
    };
  };
  return {
    ...real,
    createSigner: (seed: string) => {
      const signer = signers.get(seed) ?? remembering(seed);
      signers.set(seed, signer);
      return signer;
    },
  };
});
