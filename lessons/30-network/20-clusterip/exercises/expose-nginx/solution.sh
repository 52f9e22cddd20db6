kubectl expose deployment nginx --port=8080 --target-port=80 --type=ClusterIP
