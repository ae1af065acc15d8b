import * as pulumi from "@pulumi/pulumi";
import { type Kind, providerText } from "../provider/kinds";

/** Prefix of every type token of ours. */
const TYPE = "pulumi-nodejs:dynamic/dbc:";

export const typeOf = (kind: Kind): string => TYPE + kind.type;

/**
 * An Output made from a promise carries no dependencies. The URN of a child of a component does, on the component and
 * so on all its children: two of them would wait for each other for ever.
 */
const withoutDependencies = (output: pulumi.Output<string>): pulumi.Output<string> =>
  pulumi.output(
    new Promise<string>((resolve) => {
      output.apply(resolve);
    }),
  );

/** Base of every resource class. */
export abstract class DbcResource extends pulumi.CustomResource {
  /** @internal */
  constructor(kind: Kind, name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    const outputs = Object.fromEntries(kind.outputs.map((output) => [output, undefined]));
    const secrets = Object.fromEntries(
      kind.secrets.flatMap((field) =>
        args[field] === undefined ? [] : [[field, pulumi.secret(args[field])]],
      ),
    );
    const hidden = {
      __provider: providerText(kind),
      ...(opts.id === undefined && {
        __urn: withoutDependencies(pulumi.createUrn(name, typeOf(kind), opts.parent)),
      }),
    };
    super(
      typeOf(kind),
      name,
      { ...outputs, ...args, ...secrets, ...hidden },
      pulumi.mergeOptions(opts, { additionalSecretOutputs: [...kind.secrets] }),
    );
  }
}
