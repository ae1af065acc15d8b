import * as pulumi from "@pulumi/pulumi";
import { type Kind, providerText } from "../provider/kinds";
import { isPlain } from "./arguments";
import { declare } from "./gate";
import { refusePlugNPlay } from "./plug-n-play";
import { typeOf } from "./type-token";

refusePlugNPlay(process.versions);

/**
 * The URN, as soon as the verdict allows. An Output made from a promise carries no dependencies; the URN of a child of
 * a component does, on the component and so on all its children: two of them would wait for each other for ever.
 */
const urnAfter = (verdict: Promise<void>, urn: pulumi.Output<string>): pulumi.Output<string> =>
  pulumi.output(
    // not in the SDK's interface: the parent's own failure would not be seen otherwise
    verdict.then(() => (urn as unknown as { promise(): Promise<string> }).promise()),
  );

/** A promise whose failure may be heard late: the SDK asks for it only after others, and Node would warn of that. */
const unheard = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => undefined);
  return promise;
};

/** The same of an output: whoever exports it asks for its parts one after another. */
const heardLate = <T>(output: pulumi.Output<T>): pulumi.Output<T> => {
  const { promise, allResources, ...parts } = output as unknown as Record<string, unknown>;
  const asked = [promise, allResources].flatMap((ask) => (typeof ask === "function" ? [ask()] : []));
  for (const part of [...asked, ...Object.values(parts)])
    if (part instanceof Promise) part.catch(() => undefined);
  return output;
};

/**
 * Lets the outputs of a resource that is held back fail with the verdict. The SDK leaves the outputs of one that is
 * never registered open for ever, and with them everything that depends on them, an inline program included.
 */
const failWith = (verdict: Promise<void>, resource: pulumi.CustomResource): void => {
  const gate = pulumi.output(verdict);
  for (const [name, output] of Object.entries(resource)) {
    if (!pulumi.Output.isInstance(output)) continue;
    let guarded: pulumi.Output<unknown> | undefined;
    Object.defineProperty(resource, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        guarded ??= heardLate(pulumi.all([gate, output]).apply(([, value]) => value));
        return guarded;
      },
    });
  }
};

/** The arguments that the program marked as secret: their values are not to appear in any message. */
const marked = (args: pulumi.Inputs): pulumi.Output<string[] | undefined> | undefined => {
  const names = Object.keys(args).filter((name) => !name.startsWith("__") && !isPlain(args[name]));
  if (names.length === 0) return undefined;
  const isSecret = async (name: string): Promise<string[]> => {
    try {
      return (await pulumi.isSecret(pulumi.output(args[name]))) ? [name] : [];
    } catch {
      // the argument itself tells what went wrong
      return [];
    }
  };
  return pulumi.output(
    Promise.all(names.map(isSecret)).then((found) => {
      const secrets = found.flat();
      return secrets.length > 0 ? secrets : undefined;
    }),
  );
};

/** Base of every resource class. */
export abstract class DbcResource extends pulumi.CustomResource {
  /** @internal */
  constructor(kind: Kind, name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    const outputs = Object.fromEntries(
      [...kind.outputs, ...(kind.shown ?? [])].map((output) => [output, undefined]),
    );
    const secrets = Object.fromEntries(
      kind.secrets.flatMap((field) =>
        args[field] === undefined ? [] : [[field, pulumi.secret(args[field])]],
      ),
    );
    const gate =
      opts.id === undefined && opts.urn === undefined ? declare(kind, name, args, opts) : undefined;
    const secret = gate && marked(args);
    const hidden = {
      ...(gate && {
        // what is local only waits for the verdict
        __urn: kind.isLocal
          ? unheard(gate.verdict.then(() => undefined))
          : urnAfter(gate.verdict, pulumi.createUrn(name, typeOf(kind), opts.parent)),
      }),
      // each name costs the SDK its time, whatever its value
      ...(secret && { __secret: secret }),
      __provider: providerText(kind),
    };
    super(
      typeOf(kind),
      name,
      // the gate's first: what is never registered must not wait for what is not either
      { ...hidden, ...outputs, ...args, ...secrets },
      pulumi.mergeOptions(opts, { additionalSecretOutputs: [...kind.secrets] }),
    );
    if (gate) {
      gate.made(this);
      failWith(gate.verdict, this);
    }
  }
}
