import { type Argument, DockerfileParser, type From, type Instruction, type PropertyInstruction } from 'dockerfile-ast';
import { PerennialError } from '../errors.ts';

/** Offsets into the text, half open. */
export interface Span {
  start: number;
  end: number;
}

export interface DockerInstruction extends Span {
  /** Upper case; of `ONBUILD RUN` the inner one. */
  keyword: string;
  /** What follows the keyword and its flags. */
  body: Span;
  arguments: (Span & { text: string })[];
}

export interface DockerVariable {
  kind: 'ARG' | 'ENV';
  name: string;
  /** Offset of the instruction. */
  start: number;
  /** Without quotes; undefined for a bare `ARG NAME`. */
  value: string | undefined;
  /** Where the value stands, inside its quotes. */
  span: Span | undefined;
}

export interface DockerStage {
  /** Name after AS, empty when it has none. */
  name: string;
  /** As written, with its span. */
  image: Span & { text: string };
  /** 1-based. */
  line: number;
}

/** A Dockerfile as positions in its text: what is rewritten is the text itself, so that all else stays as it was. */
export interface DockerfileText {
  text: string;
  escape: string;
  instructions: DockerInstruction[];
  stages: DockerStage[];
  variables: DockerVariable[];
}

/** Throws `bad-input` when there is no FROM with an image. */
export function parseDockerfile(text: string): DockerfileText {
  const ast = DockerfileParser.parse(text);
  const at = offsets(text);
  const span = (range: {
    start: { line: number; character: number };
    end: { line: number; character: number };
  }): Span => ({
    start: at(range.start),
    end: at(range.end),
  });
  const stages = ast.getFROMs().flatMap(from => toStage(from, span) ?? []);
  if (stages.length === 0) {
    throw new PerennialError('bad-input', 'The Dockerfile has no FROM instruction with an image', {
      hint: 'Give the Dockerfile that the image was built with, or leave it out.',
    });
  }
  return {
    text,
    escape: ast.getEscapeCharacter(),
    instructions: ast.getInstructions().map(instruction => toInstruction(instruction, span)),
    stages,
    variables: [...ast.getInitialARGs(), ...ast.getInstructions().filter(isDefinition)]
      .filter((one, index, all) => all.indexOf(one) === index)
      .flatMap(definition => toVariables(definition as PropertyInstruction, span)),
  };
}

type ToSpan = (range: Parameters<ReturnType<typeof offsets>>[0] extends infer P ? { start: P; end: P } : never) => Span;

function toStage(from: From, span: ToSpan): DockerStage | undefined {
  const range = from.getImageRange();
  const text = from.getImage();
  if (!range || !text) return undefined;
  return { name: from.getBuildStage() ?? '', image: { ...span(range), text }, line: range.start.line + 1 };
}

function toInstruction(instruction: Instruction, span: ToSpan): DockerInstruction {
  const whole = span(instruction.getRange());
  const args = instruction
    .getArguments()
    .map((argument: Argument) => ({ ...span(argument.getRange()), text: argument.getValue() }));
  const range = instruction.getArgumentsRange();
  const keyword = instruction.getKeyword();
  const inner = keyword === 'ONBUILD' ? args.shift() : undefined;
  const body = range ? span(range) : { start: whole.end, end: whole.end };
  return {
    ...whole,
    keyword: inner ? inner.text.toUpperCase() : keyword,
    body: inner ? { start: inner.end, end: body.end } : body,
    arguments: args,
  };
}

function isDefinition(instruction: Instruction): boolean {
  return instruction.getKeyword() === 'ARG' || instruction.getKeyword() === 'ENV';
}

function toVariables(definition: PropertyInstruction, span: ToSpan): DockerVariable[] {
  const kind = definition.getKeyword() as 'ARG' | 'ENV';
  const { start } = span(definition.getRange());
  return definition.getProperties().map(property => {
    const range = property.getValueRange();
    const value = property.getValue() ?? undefined;
    return { kind, name: property.getName(), start, value, span: range ? unquoted(span(range), value) : undefined };
  });
}

/** The quotes around a value are in its range, but not in the value. */
function unquoted(span: Span, value: string | undefined): Span {
  const quoted = value !== undefined && span.end - span.start === value.length + 2;
  return quoted ? { start: span.start + 1, end: span.end - 1 } : span;
}

function offsets(text: string): (position: { line: number; character: number }) => number {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  return ({ line, character }) => (starts[line] ?? text.length) + character;
}
