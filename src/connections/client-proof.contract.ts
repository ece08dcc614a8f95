import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { byId, id, oauthAdmins } from './contract.ts'
import { oauthApp } from './oauth-app.contract.ts'

const label = z.string().trim().min(1, 'Enter a label, such as “from 2027”.').max(120)
const expiresOn = z.iso.date('Enter a day such as 2027-11-30.').nullable()

const ofSecret = z.object({ id, secretId: id })
const ofCertificate = z.object({ id, certificateId: id })

export const addClientSecret = endpoint({
  method: 'POST',
  path: '/api/connections/oauth-apps/{id}/secrets',
  summary: 'Add a client secret beside those that are stored; they are tried in turn, so a new one needs no downtime',
  access: oauthAdmins,
  params: byId,
  body: z
    .strictObject({ label, value: z.string().min(1, 'Enter the client secret’s value.').max(2000), expiresOn })
    .partial({ expiresOn: true }),
  answer: oauthApp,
  status: 201,
  errors: ['connections.oauth_app_not_found', 'connections.vault_sealed'],
})
export const changeClientSecret = endpoint({
  method: 'PATCH',
  path: '/api/connections/oauth-apps/{id}/secrets/{secretId}',
  summary: 'Change the label or the day of a client secret',
  access: oauthAdmins,
  params: ofSecret,
  body: z.strictObject({ label, expiresOn }).partial(),
  answer: oauthApp,
  errors: ['connections.oauth_app_not_found', 'connections.client_secret_not_found'],
})
export const removeClientSecret = endpoint({
  method: 'DELETE',
  path: '/api/connections/oauth-apps/{id}/secrets/{secretId}',
  summary: 'Remove a client secret; its value is destroyed',
  access: oauthAdmins,
  params: ofSecret,
  answer: oauthApp,
  errors: ['connections.oauth_app_not_found', 'connections.client_secret_not_found'],
})

export const generateKeyPair = endpoint({
  method: 'POST',
  path: '/api/connections/oauth-apps/{id}/key-pairs',
  summary: 'Generate a key pair; the private key stays in the vault, the certificate is for the provider',
  access: oauthAdmins,
  params: byId,
  body: z
    .strictObject({ label, days: z.number().int().min(1, 'Use 1 to 730 days.').max(730, 'Use 1 to 730 days.') })
    .partial({ days: true }),
  answer: oauthApp,
  status: 201,
  errors: ['connections.oauth_app_not_found', 'connections.vault_sealed'],
})
export const uploadCertificate = endpoint({
  method: 'POST',
  path: '/api/connections/oauth-apps/{id}/certificates',
  summary: 'Upload a certificate with its private key, which is sealed and never shown again',
  access: oauthAdmins,
  params: byId,
  body: z.strictObject({
    label,
    pem: z
      .string()
      .min(1, 'Paste the certificate and its private key.')
      .max(50_000)
      .describe('Certificate and private key, both PEM'),
  }),
  answer: oauthApp,
  status: 201,
  errors: [
    'connections.oauth_app_not_found',
    'connections.key_pair_unreadable',
    'connections.certificate_exists',
    'connections.vault_sealed',
  ],
})
export const changeClientCertificate = endpoint({
  method: 'PATCH',
  path: '/api/connections/oauth-apps/{id}/certificates/{certificateId}',
  summary: 'Change the label of a certificate, or whether it is used',
  access: oauthAdmins,
  params: ofCertificate,
  body: z.strictObject({ label, active: z.boolean() }).partial(),
  answer: oauthApp,
  errors: ['connections.oauth_app_not_found', 'connections.certificate_not_found'],
})
export const removeClientCertificate = endpoint({
  method: 'DELETE',
  path: '/api/connections/oauth-apps/{id}/certificates/{certificateId}',
  summary: 'Remove a certificate; its private key is destroyed',
  access: oauthAdmins,
  params: ofCertificate,
  answer: oauthApp,
  errors: ['connections.oauth_app_not_found', 'connections.certificate_not_found'],
})
