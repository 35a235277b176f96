/** One voice for what the engines do: on standard error, so that a command's own output stays its own. */
export function say(sentence: string): void {
  console.error(`engines: ${sentence}`);
}
