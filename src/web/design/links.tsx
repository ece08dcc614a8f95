import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentProps, ReactNode } from 'react'

type AnchorElement = Omit<ComponentProps<'a'>, keyof AnchorProps | keyof ButtonProps>

/** A link inside this application, in running text or in a cell. `to`, `params` and `search` are checked against the routes. */
export const TextLink = createLink((props: AnchorProps & AnchorElement & { children?: ReactNode }) => (
  <Anchor inherit {...props} />
))

/** A button that goes to another page: a link to browsers and screen readers. */
export const LinkButton = createLink((props: ButtonProps & AnchorElement & { children?: ReactNode }) => (
  <Button component="a" {...props} />
))
