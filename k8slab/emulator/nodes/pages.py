"""Texts that known images bring along: pages and configuration files, in our own words, recognisable as theirs."""

from __future__ import annotations

NGINX_WELCOME = """<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>This page is served by a simulated nginx: its document root is /usr/share/nginx/html.</p>
</body>
</html>
"""
NGINX_50X = """<!DOCTYPE html>
<html><head><title>Error</title></head><body><h1>An error occurred.</h1></body></html>
"""
NGINX_CONF = """user nginx;
worker_processes auto;
error_log /var/log/nginx/error.log notice;
pid /run/nginx.pid;
http {
    include /etc/nginx/conf.d/*.conf;
}
"""
SERVER_CONF = """server {
    listen %d;
    server_name localhost;
    location / {
        root /usr/share/nginx/html;
        index index.html index.htm;
    }
}
"""
PAGES = {
    "nginx-welcome": NGINX_WELCOME,
    "nginx-50x": NGINX_50X,
    "nginx-conf": NGINX_CONF,
    "nginx-default-conf": SERVER_CONF % 80,
    "nginx-unprivileged-conf": SERVER_CONF % 8080,
    "httpd-welcome": "<html><body><h1>It works!</h1></body></html>\n",
}
