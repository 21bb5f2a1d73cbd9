// A real identity provider for the tests (npm oidc-provider): `node oidc_provider.mjs '[client, …]'` prints its address.
// Whoever comes says who they are: the sign-in page takes, as JSON, the claims and the levels they want.
import { createServer } from "node:http";
import { once } from "node:events";
import Provider from "oidc-provider";

const people = new Map();
const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: JSON.parse(process.argv[2]),
  cookies: { keys: ["the cookies of the tests"] },
  claims: { openid: ["sub"], email: ["email", "email_verified"], acr: null, amr: null },
  acrValues: ["low", "high"],
  pkce: { required: () => true },
  features: {
    claimsParameter: { enabled: true },
    devInteractions: { enabled: false },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: {
      logoutSource: (ctx, form) => { ctx.body = form; },
    },
  },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => people.get(id) }),
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope("openid email");
    grant.addOIDCClaims(["acr", "amr"]);
    await grant.save();
    return grant;
  },
});

async function signIn(request, response) {
  const { prompt } = await provider.interactionDetails(request, response);
  if (request.method === "GET") {
    response.end(`prompt: ${prompt.name}`);
    return;
  }
  let body = "";
  for await (const part of request) body += part;
  const { acr, amr, leaves, ...claims } = JSON.parse(body);
  people.set(claims.sub, claims);
  const result = leaves ? { error: "access_denied" } : { login: { accountId: claims.sub, acr, amr } };
  await provider.interactionFinished(request, response, result);
}

const answer = provider.callback();
server.on("request", (request, response) => {
  if (request.url.startsWith("/interaction/")) {
    signIn(request, response).catch((error) => { response.statusCode = 500; response.end(String(error)); });
  } else {
    answer(request, response);
  }
});
console.log(issuer);
