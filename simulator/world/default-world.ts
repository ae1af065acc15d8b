import type { WorldSeed } from "./seed";

/**
 * Public development wallets, known to everybody who ever ran a substrate chain: `//Alice` and `//Bob` of the
 * phrase below. Good for laboratories and tests only.
 */
export const developmentPhrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
export const alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
export const bob = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";

/** Ids of the built-in world's nodes: three of Alice's, one of Bob's, one that nobody rents. */
export const labNodes = {
  alice1: "a1".repeat(32),
  alice2: "a2".repeat(32),
  alice3: "a3".repeat(32),
  bob: "b0".repeat(32),
  unrented: "c0".repeat(32),
  bareMetalManager: "d0".repeat(32),
} as const;

const images = [
  { name: "ubuntu.qcow2", sizeGib: 4.5, virtualGib: 40 },
  { name: "ubuntu-22.04.qcow2", sizeGib: 5.25, virtualGib: 40 },
  { name: "ubuntu-20.04-cuda.qcow2", sizeGib: 11, virtualGib: 80 },
  { name: "windows.qcow2", sizeGib: 18, virtualGib: 100 },
];

/** The built-in world: eight GPUs, 64 cores, 512 GiB of memory and 4 TiB of data on each node. */
export const defaultWorld: WorldSeed = {
  imageServers: [
    {
      id: "lab",
      images: [...images, { name: "pytorch.qcow2", sizeGib: 12.5, virtualGib: 80 }],
    },
  ],
  nodes: [
    { id: labNodes.alice1, name: "gpu-a1", images, rentals: [{ renter: alice }] },
    { id: labNodes.alice2, name: "gpu-a2", images, rentals: [{ renter: alice }] },
    { id: labNodes.alice3, name: "gpu-a3", images, rentals: [{ renter: alice }] },
    { id: labNodes.bob, name: "gpu-b0", images, rentals: [{ renter: bob }] },
    { id: labNodes.unrented, name: "gpu-c0", images },
    { id: labNodes.bareMetalManager, name: "metal-d0", role: "bare-metal" },
  ],
};
