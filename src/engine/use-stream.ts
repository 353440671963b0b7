import type { CommandStream } from './engine.ts';

/**
 * Works with a running command and does not outlive it: when the work fails, the command is killed, so that nothing is
 * left running and this process can end; when it succeeds, the command's own end is awaited.
 * @returns what the work gave and how the command ended
 * @throws the work's error, or the command's (`command-failed`)
 */
export async function useStream<T>(
  stream: CommandStream,
  work: (stream: CommandStream) => Promise<T>,
): Promise<{ result: T; code: number; stderr: string }> {
  let result: T;
  try {
    result = await work(stream);
  } catch (error) {
    stream.kill();
    stream.stdout.destroy();
    stream.stdin.destroy();
    throw error;
  }
  return { result, ...(await stream.done) };
}
