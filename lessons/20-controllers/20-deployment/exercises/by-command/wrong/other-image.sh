# fails: made
kubectl create deployment dp --image=httpd:2.4 --replicas=3
