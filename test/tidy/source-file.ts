import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { blank } from './blank.ts'

/** A file of the project as the rules see it. Blanked parts keep their line breaks, so offsets and lines stay true. */
export type SourceFile = {
  /** From the project's folder, with `/`. */
  path: string
  text: string
  /** Comments blanked. */
  said: string
  /** Comments and the insides of strings blanked: only names and signs are left. */
  code: string
}

export type Finding = { file: string; line: number; says: string }
export type Rule = { name: string; check: (files: SourceFile[]) => Finding[] }

/** The files git knows or would take, that still exist. */
export function readProject(projectDir: string): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: projectDir,
    encoding: 'utf8',
  })
  return listed
    .split('\0')
    .filter((file) => file !== '')
    .flatMap((file) => {
      const text = read(path.join(projectDir, file))
      return text === null ? [] : [sourceFile(file, text)]
    })
}

export function sourceFile(file: string, text: string): SourceFile {
  if (!/\.(ts|tsx|mjs)$/.test(file)) return { path: file, text, said: text, code: text }
  return { path: file, text, ...blank(text) }
}

export function isTest(file: SourceFile): boolean {
  return /\.test\.tsx?$/.test(file.path) || file.path.startsWith('test/')
}

/** Every place where the pattern (with the flag g) matches, as findings. */
export function findAll(
  file: SourceFile,
  text: string,
  pattern: RegExp,
  says: (match: RegExpExecArray) => string,
): Finding[] {
  return [...text.matchAll(pattern)].map((match) => ({
    file: file.path,
    line: lineAt(text, match.index),
    says: says(match),
  }))
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null // deleted, and not committed yet
  }
}
