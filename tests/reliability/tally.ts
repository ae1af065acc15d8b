/** Counts cases, each as failed until it has come to its end, and prints the sum after the file's last test. */
export const tally = (title: string): { readonly passed: () => void } => {
  let [cases, failures] = [0, 0];
  beforeEach(() => {
    cases += 1;
    failures += 1;
  });
  afterAll(() => {
    process.stdout.write(`${title}: ${cases} cases, ${failures} failures\n`);
  });
  return {
    passed: () => {
      failures -= 1;
    },
  };
};
