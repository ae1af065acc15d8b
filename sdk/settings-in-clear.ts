import * as pulumi from "@pulumi/pulumi";
import { type SettingName, settings } from "../provider/kinds";

/** What tells how a value of the configuration was set; no published type has it. */
const { isConfigSecret } = pulumi.runtime as { readonly isConfigSecret?: (key: string) => boolean };

/** An address is no secret, but what signs in to it is. */
const holdsSecret = (name: SettingName, value: string): boolean => name !== "proxy" || value.includes("@");

/**
 * Secret settings that stand in clear in the stack's configuration, each as a mistake: the engine copies the
 * configuration into the state as it is.
 */
export const settingsInClear = (): string[] =>
  (Object.keys(settings) as SettingName[]).flatMap((name) => {
    const key = `dbc:${name}`;
    const value = pulumi.runtime.getConfig(key);
    if (!settings[name].secret || value === undefined || !holdsSecret(name, value)) return [];
    if (isConfigSecret === undefined || isConfigSecret(key)) return [];
    return [
      `${key} stands in clear in the stack's configuration, and would in its state: set it again with \`pulumi config set --secret ${key}\`, or give ${settings[name].variable} in the environment.`,
    ];
  });
