import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** One accent, neutral greys; the four meanings are in tokens.css. Shades run from lightest to darkest, as Mantine counts them. */
const accent: MantineColorsTuple = [
  '#eff3ff',
  '#dde5fd',
  '#b9c8f8',
  '#94aaf2',
  '#7590ea',
  '#4f6fdd',
  '#2f55c8',
  '#2748ad',
  '#213c90',
  '#1a2f70',
]
const grey: MantineColorsTuple = [
  '#f7f8f9',
  '#f0f2f4',
  '#e3e6ea',
  '#d3d8de',
  '#b4bbc4',
  '#7b8490',
  '#59616c',
  '#424952',
  '#2b3037',
  '#16191d',
]
/** For what cannot be taken back. White on it, and it on our greys, has AA contrast in light and dark. */
const red: MantineColorsTuple = [
  '#fdeceb',
  '#fad5d2',
  '#f5b0ab',
  '#ffb3ad',
  '#ff9a92',
  '#c4372e',
  '#b0241c',
  '#961d16',
  '#7a1812',
  '#5c120d',
]
const dark: MantineColorsTuple = [
  '#e6e8eb',
  '#c3c8ce',
  '#a0a8b2',
  '#88919c',
  '#343a42',
  '#262b31',
  '#1a1d21',
  '#121417',
  '#0d0f11',
  '#08090a',
]

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 5 },
  colors: { accent, gray: grey, dark, red },
  black: '#16191d',
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.35', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.35' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '8px', xl: '8px' },
  defaultRadius: 'md',
  shadows: {
    xs: 'none',
    sm: 'none',
    md: '0 4px 16px rgb(0 0 0 / 10%)',
    lg: '0 8px 24px rgb(0 0 0 / 12%)',
    xl: '0 12px 32px rgb(0 0 0 / 16%)',
  },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.35' },
      h2: { fontSize: '1rem', lineHeight: '1.5' },
      h3: { fontSize: '0.875rem', lineHeight: '1.5' },
    },
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Modal: {
      styles: { title: { fontSize: '1rem', fontWeight: 600 } },
      defaultProps: { transitionProps: { duration: 120 }, centered: true, radius: 'md' },
    },
    // A dialog's head is not a banner of the page.
    ModalHeader: { defaultProps: { role: 'none' } },
    Drawer: { defaultProps: { transitionProps: { duration: 140 } } },
    Menu: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md', withInitialFocusPlaceholder: false } },
    Tooltip: {
      defaultProps: {
        openDelay: 300,
        transitionProps: { duration: 80 },
        events: { hover: true, focus: true, touch: true },
      },
    },
    Popover: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
    Combobox: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
    Anchor: { defaultProps: { underline: 'always' } },
    // Mantine's hints and messages are two pixels smaller than their field; ours are never under twelve.
    InputWrapper: {
      styles: {
        description: { fontSize: '0.75rem', lineHeight: '1.4' },
        error: { fontSize: '0.75rem', lineHeight: '1.4' },
      },
    },
    Button: { defaultProps: { size: 'sm' } },
    Loader: { defaultProps: { type: 'dots' } },
  },
})

/** The soft variants of buttons and avatars take our own meanings' colours. */
const soft = {
  '--mantine-color-red-light-color': 'var(--an-refused)',
  '--mantine-color-red-light-hover': 'var(--an-refused-soft)',
  '--mantine-color-accent-light': 'var(--an-accent-soft)',
  '--mantine-color-accent-light-color': 'var(--an-accent)',
}

/** Mantine's own words for dimmed text, placeholders and borders, set so that each has AA contrast on our greys. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...soft,
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': 'var(--an-text-muted)',
    '--mantine-color-placeholder': '#6d7580',
    '--mantine-color-error': 'var(--an-refused)',
    '--mantine-color-default-border': '#c9cfd6',
    '--mantine-color-anchor': '#2748ad',
  },
  dark: {
    ...soft,
    '--mantine-color-body': '#121417',
    '--mantine-color-text': '#e6e8eb',
    '--mantine-color-dimmed': 'var(--an-text-muted)',
    '--mantine-color-placeholder': '#88919c',
    '--mantine-color-error': 'var(--an-refused)',
    '--mantine-color-anchor': '#94aaf2',
  },
})
