/**
 * The credentials that Lambda puts into the environment. Bundled in the place of the SDK's chain of providers, of which
 * a function needs no other: a hundred kilobytes less.
 */

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export function lambdaCredentials(): Credentials {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = process.env;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
  };
}

/** Under the name by which the SDK's clients ask for their default. */
export const defaultProvider = () => async (): Promise<Credentials> => lambdaCredentials();
