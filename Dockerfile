# One image for every stage. CPU; the console is built in it, so a container needs no build tools at run time.
FROM node:24-bookworm-slim AS build
WORKDIR /vigil
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run console && npm prune --omit=dev

FROM node:24-bookworm-slim
WORKDIR /vigil
COPY --from=build /vigil /vigil
USER node
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "services/main.ts"]
CMD ["start", "--no-simulate"]
