# One simulator, selected by SIMULATOR. `npm run images` writes the bundles and builds both images; then, by hand:
#   docker build -f packages/simulators.Dockerfile --build-arg SIMULATOR=mock-mixpanel --build-arg PORT=4020 -t braze-mixpanel/mock-mixpanel .
#   docker run --read-only -p 127.0.0.1:4020:4020 braze-mixpanel/mock-mixpanel
# Pinned by digest, so that a commit always has the same base image. `docker buildx imagetools inspect node:24-bookworm-slim` prints the
# newest digest; update both Dockerfiles together.
ARG BASE_IMAGE=node:24-bookworm-slim@sha256:235600a8101ab264e117b1768e925532262668dc9b581ef1dd7d96ced463b8e7
FROM ${BASE_IMAGE}

ARG SIMULATOR=mock-braze
ARG PORT=4010
COPY dist/images/${SIMULATOR} /app
WORKDIR /app

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=${PORT}
EXPOSE ${PORT}
USER node
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; fetch(`http${process.env.TLS ? 's' : ''}://127.0.0.1:${process.env.PORT}/_sim/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["node", "main.mjs"]
