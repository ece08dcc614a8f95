/**
 * Text without what cannot be seen and changes how the rest reads: controls become spaces; marks that turn the writing direction
 * (Unicode TR9), zero-width spaces and byte order marks go. What joins letters and emoji stays. So that no name can pass for another.
 */
export function visibleText(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').replaceAll(turningOrInvisible, '')
}

const turningOrInvisible = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g
