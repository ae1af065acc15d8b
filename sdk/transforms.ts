import type * as pulumi from "@pulumi/pulumi";

/** How long a component's own registration may take, until it is known whether it brought transforms. */
const WITHIN_MS = 1_000;

interface Ancestor {
  readonly __transformations?: readonly unknown[];
  readonly __parentResource?: pulumi.Resource;
}

const ancestorsOf = (resource: pulumi.Resource | undefined): pulumi.Resource[] => {
  const parent = (resource as Ancestor | undefined)?.__parentResource;
  return parent ? [parent, ...ancestorsOf(parent)] : [];
};

/** Whether anything in this run has registered a transform that the engine calls back. */
const anyTransforms = (): boolean => {
  try {
    // not in the SDK's interface; one that has no such module is taken to have no transforms
    const { getStore } = require("@pulumi/pulumi/runtime/state") as {
      getStore(): { readonly callbacks?: unknown };
    };
    return getStore().callbacks !== undefined;
  } catch {
    return false;
  }
};

const registered = (resource: pulumi.Resource): Promise<void> =>
  new Promise((resolve) => {
    resource.urn.apply(() => resolve());
  });

/**
 * Which of these resources may be registered with other arguments than they were declared with, because the program
 * transforms them or what they belong to. Transforms of a component only show once it is registered, which is waited
 * for a little: a program that is about to be refused can spare the time.
 */
export const mayBeTransformed = async (
  declared: readonly {
    readonly resource: pulumi.Resource | undefined;
    readonly opts: pulumi.CustomResourceOptions;
  }[],
): Promise<(resource: pulumi.Resource | undefined) => boolean> => {
  const above = new Set(declared.flatMap(({ resource }) => ancestorsOf(resource)));
  let timer: NodeJS.Timeout | undefined;
  const aWhile = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, WITHIN_MS);
  });
  await Promise.race([Promise.all([...above].map(registered)), aWhile]);
  clearTimeout(timer);
  const somewhere = anyTransforms();
  const changeable = new Set(
    declared
      .filter(
        ({ resource, opts }) =>
          somewhere ||
          (opts.transforms?.length ?? 0) > 0 ||
          ((resource as Ancestor | undefined)?.__transformations?.length ?? 0) > 0,
      )
      .map(({ resource }) => resource),
  );
  return (resource) => changeable.has(resource);
};
