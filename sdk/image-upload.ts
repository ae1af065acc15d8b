import type * as pulumi from "@pulumi/pulumi";
import { kinds } from "../provider/kinds";
import type { ImageUploadArgs } from "./image-upload-args";
import { DbcResource } from "./resource";

/**
 * A file of a node that an image server is to have: an image, the system disk of a VM that is off, or the file of a
 * `Snapshot`. Done means that the image server lists it.
 *
 * An image of the same name and size that the server has is taken for the same one; of another size, the upload is
 * refused, because it would write over it. What a server has stays there when the resource is deleted: no call of
 * the node can remove it.
 *
 * A file of the client node's own can't be uploaded: the client node answers "ok" and does nothing.
 *
 * @example
 * ```ts
 * const shared = new dbc.ImageUpload("shared", { nodeId, name: "pytorch.qcow2", imageServer: "ID_2" });
 * new dbc.Image("elsewhere", { nodeId: other, name: shared.image, imageServer: shared.imageServer });
 * ```
 */
export class ImageUpload extends DbcResource {
  /** Node that the file comes from. */
  declare readonly nodeId: pulumi.Output<string>;
  /** Image server that has it. */
  declare readonly imageServer: pulumi.Output<string>;
  /** Name on the image server: what an `Image` takes as `name`. */
  declare readonly image: pulumi.Output<string>;
  /** How far the provider has got: `ready`, or what the next `pulumi up` goes on with. */
  declare readonly phase: pulumi.Output<string>;
  /** Size as the image server's list prints it. */
  declare readonly size: pulumi.Output<string | undefined>;

  /**
   * @param name Name in the program.
   * @param args What to bring where. Every mistake is reported at preview.
   * @param opts Pulumi's options; `customTimeouts` become `timeouts`.
   */
  constructor(name: string, args: ImageUploadArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { customTimeouts } = opts;
    super(
      kinds.imageUpload,
      name,
      { ...args, ...(customTimeouts && args.timeouts === undefined && { timeouts: customTimeouts }) },
      opts,
    );
  }

  /**
   * An image that is on an image server already; it is read and never changed.
   *
   * @param id `<imageServer>/<fileName>`
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts: pulumi.CustomResourceOptions = {},
  ): ImageUpload {
    // a resource that is looked up has no arguments, which the constructor's type can't say
    return new ImageUpload(name, {} as ImageUploadArgs, { ...opts, id });
  }
}
