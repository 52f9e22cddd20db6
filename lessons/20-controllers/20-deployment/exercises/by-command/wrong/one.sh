# fails: three
kubectl create deployment dp --image=nginx:1.14.0
