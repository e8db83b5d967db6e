/** Write-back: sales channels learn what we did, each thing once, and what they refuse waits for a person. */
export { deadLetterRoutes } from './routes.ts';
export { createWriteBack } from './write-back.ts';
export { hurryWriteBacks } from './store.ts';
