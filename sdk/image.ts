import type * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import type { ImageArgs } from "./image-args";
import { DbcResource } from "./resource";

/**
 * An image that a node is to have, so that VMs can be made from it. It is downloaded from an image server unless it
 * is there: an image of that name is taken as it is, and a download under way is joined, by whomever it was begun.
 *
 * Done means that the node lists it. A download that ends without that is begun again; one that does not move is
 * stopped and given up, and begun again by the next `pulumi up`.
 *
 * The file stays on the node when the resource is deleted, unless `deleteFromNode` is true: somebody else's VM may
 * stand on it, which nobody can see.
 *
 * @example
 * ```ts
 * const pytorch = new dbc.Image("pytorch", { nodeId, name: "pytorch.qcow2", imageServer: "ID_1" });
 * new dbc.Vm("box", { nodeId, image: pytorch.name, … });
 * ```
 */
export class Image extends DbcResource {
  /** Node that has the image. */
  declare readonly nodeId: pulumi.Output<string>;
  /** File name of the image: what a `Vm` of this node takes as `image`. */
  declare readonly name: pulumi.Output<string>;
  /** How far the provider has got: `ready`, or what the next `pulumi up` goes on with. */
  declare readonly phase: pulumi.Output<string>;
  /** Size as the node prints it; undefined while a running VM has the file as a disk. */
  declare readonly size: pulumi.Output<string | undefined>;

  /**
   * @param name Name in the program.
   * @param args What to bring where. Every mistake is reported at preview.
   * @param opts Pulumi's options; `customTimeouts` become `timeouts`.
   */
  constructor(name: string, args: ImageArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { customTimeouts } = opts;
    super(
      kinds.image,
      name,
      { ...args, ...(customTimeouts && args.timeouts === undefined && { timeouts: customTimeouts }) },
      opts,
    );
  }

  /**
   * An image that is on a node already; it is read and never changed.
   *
   * @param id `<nodeId>/<fileName>`
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts: pulumi.CustomResourceOptions = {}): Image {
    // a resource that is looked up has no arguments, which the constructor's type can't say
    return new Image(name, {} as ImageArgs, { ...opts, id });
  }
}
