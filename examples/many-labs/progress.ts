import type { EngineEvent } from "@pulumi/pulumi/automation";

/** How far each lab is; shown as one line a lab in a terminal, and as a line per change elsewhere. */
export class Progress {
  readonly #lines = new Map<string, string>();
  #shown = 0;

  constructor(
    private readonly write: (text: string) => void,
    private readonly isTerminal: boolean,
  ) {}

  /** Takes what the engine says of a lab's run: the provider's own words for a machine, else its step. */
  event(name: string, event: EngineEvent): void {
    const said = event.diagnosticEvent;
    if (said?.ephemeral && said.message.trim() !== "") this.say(name, said.message.trim());
    else if (event.resourcePreEvent && /:Vm$/.test(event.resourcePreEvent.metadata.type))
      this.say(name, event.resourcePreEvent.metadata.op);
  }

  say(name: string, text: string): void {
    if (this.#lines.get(name) === text) return;
    this.#lines.set(name, text);
    if (!this.isTerminal) {
      this.write(`${name}: ${text}\n`);
      return;
    }
    const back = this.#shown > 0 ? `\u001b[${this.#shown}A` : "";
    const lines = [...this.#lines].map(([each, line]) => `\u001b[2K${each}  ${line.slice(0, 60)}\n`);
    this.write(back + lines.join(""));
    this.#shown = lines.length;
  }
}
